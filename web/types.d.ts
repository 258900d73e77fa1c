/** What the modules of the page hand to each other. The server's views (`web/views.py`, `web/library.py`) have the same names. */

type Plan = Record<string, any> & { kind: string; date_from?: string | null; date_to?: string | null };

interface Chip {
  label: string;
  field: string;
  value: any;
  without: Plan | null;
  choices: [string, Partial<Plan>][];
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
  quotes: string[];
  summary: { text: string; quoted: boolean }[];
}

interface Answer {
  language: "ko" | "en";
  status: "answered" | "no_evidence" | "refused";
  kind: string;
  plan: Plan;
  chips: Chip[];
  html: string;
  text: string;
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

/** A row of a set: arXiv id, title, date, votes, authors, relation. */
type Row = [string, string, string, number | null, string[], string | null];

interface FilterValues {
  start?: string;
  end?: string;
  author?: string;
  votes?: string;
  summary?: string;
}

interface KeptTurn {
  q: string;
  plan: Plan | null;
  filters: FilterValues | null;
  answer: Answer | null;
}

interface Turn {
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
}

interface IndexState {
  state: string;
  kind?: string;
  message?: string;
  progress?: [string, number, number] | null;
  model?: string | null;
  feedback?: boolean;
  papers?: number;
  digests?: number;
  first?: string | null;
  last?: string | null;
}

interface Digest {
  day: string | null;
  before?: string | null;
  after?: string | null;
  papers: (Omit<Citation, "n" | "relation" | "quotes" | "summary"> & { about: string[] })[];
}
