/** What the modules of the page hand to each other. The server's views (`web/views.py`, `web/library.py`) have the same names. */

type Plan = Record<string, any> & { kind: string; date_from?: string | null; date_to?: string | null };

interface Chip {
  label: string;
  field: string;
  value: any;
  without: Plan | null;
  choices: [string, Partial<Plan>][];
}

/** A bullet of a summary with the name of its section. */
interface Said {
  label: string;
  text: string;
}

interface Citation {
  n: number;
  id: string;
  url: string;
  title: string;
  date: string;
  votes: number | null;
  authors: string[];
  cut: boolean;
  media: { kind: "image" | "video"; url: string } | null;
  relation: string | null;
  quotes: (Said | string)[];
  summary: (Said & { quoted: boolean })[];
}

interface Answer {
  language: "ko" | "en";
  status: "answered" | "no_evidence" | "refused";
  kind: string;
  plan: Plan;
  chips: Chip[];
  html: string;
  text: string;
  asked?: string;
  groups?: { label: string; papers: string[] }[];
  count: number;
  papers: string[];
  citations: Citation[];
  engine: string;
  reader: string;
  ms: number;
  notices: string[];
  usage: { tokens_in: number; tokens_out: number; estimated: boolean; usd: number | null } | null;
  without: { field: string; value: any; papers: number }[];
  busy?: boolean;
}

/** A row of a set: arXiv id, title, date, votes, authors, relation, the sentence that tells most. */
type Row = [string, string, string, number | null, string[], string | null, string?];

interface FilterValues {
  start?: string;
  end?: string;
  author?: string;
  votes?: string;
  summary?: string;
}

/** A turn as it is kept. `before` is the turn that it follows; turns that follow the same one are versions of a question. */
interface KeptTurn {
  id: string;
  before: string | null;
  asked: number;
  q: string;
  plan: Plan | null;
  filters: FilterValues | null;
  edited?: boolean;
  stopped?: boolean;
  verdict?: "up" | "down" | null;
}

interface Turn {
  chat?: Chat;
  id: string;
  before: string | null;
  asked: number;
  edited?: boolean;
  verdict?: "up" | "down" | null;
  q: string;
  plan: Plan | null;
  filters: FilterValues | null;
  el: HTMLElement;
  answer?: Answer | null;
  error?: { code: string; kind?: string; message?: string } | null;
  next?: string[] | null;
  rows?: Row[] | null;
  view?: string | null;
  prose?: HTMLElement;
  text?: string;
  last?: boolean;
  running?: boolean;
  stopped?: boolean;
  arrived?: boolean;
}

interface Chat {
  id: string;
  title: string;
  at: number;
  turns: KeptTurn[];
  named?: boolean;
  pinned?: boolean;
}

/** A paper without its summaries. */
type PaperView = Omit<Citation, "n" | "relation" | "quotes" | "summary">;

type SavedView = Omit<PaperView, "cut" | "media">;

interface PaperDetails extends PaperView {
  dates: string[];
  summaries: { language: "ko" | "en"; bullets: Said[] }[];
  figures: { of: string; value: string; sentence: string }[];
  similar: PaperView[];
  naming: PaperView[];
  bibtex: string;
  markdown: string;
}

interface SavedPaper {
  id: string;
  url: string;
  title: string;
  date: string;
  votes: number | null;
  authors: string[];
  at: number;
  read: boolean;
  note: string;
}

interface IndexState {
  state: string;
  kind?: string;
  message?: string;
  progress?: [string, number, number] | null;
  model?: string | null;
  feedback?: boolean;
  reader?: string;
  uploads?: boolean;
  follow?: boolean;
  index?: string;
  papers?: number;
  digests?: number;
  first?: string | null;
  last?: string | null;
}

interface Followed {
  name: string;
  question: string;
  papers: number;
}

interface News {
  name: string;
  question: string;
  fits: number;
  new: Digest["papers"];
  now_fit: Digest["papers"];
  near: Digest["papers"];
}

interface Digest {
  day: string | null;
  until?: string;
  total?: number;
  groups?: { label: string; papers: string[] }[];
  before?: string | null;
  after?: string | null;
  papers: (PaperView & { about: string[] })[];
}
