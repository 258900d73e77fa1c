/** Questions that the page asks by itself, and how it says votes. */
import { dayQuestion, say } from "./strings.js";

/** Questions with their plans: for one day, one author, the papers near a paper, one paper. */
export const asks = {
  day: (iso) => {
    const next = new Date(`${iso}T00:00:00Z`);
    next.setUTCDate(next.getUTCDate() + 1);
    return { q: dayQuestion(iso), plan: { kind: "date", date_from: iso, date_to: next.toISOString().slice(0, 10) } };
  },
  author: (name) => ({ q: say("author_q", { name }), plan: { kind: "author", authors: [name] } }),
  similar: (paper) => ({ q: say("similar_q", { title: paper.title }), plan: { kind: "similar", papers: [paper.id] } }),
  explain: (paper) => ({ q: say("explain_q", { title: paper.title }), plan: { kind: "explain", papers: [paper.id] } }),
};

export const votes = (n) => (n === null ? say("votes_none") : say("votes", { n }));
