/** What the page adds to the text of an answer: groups that narrow, authors that ask, comparisons as cards, quiet marks. */
import { asks } from "./asks.js";
import { h } from "./dom.js";
import { paintMaths } from "./maths.js";
import { say } from "./strings.js";

/** Make buttons of the questions that a help text or a refusal gives as examples.
 * @param {HTMLElement} prose
 * @param {(question: { q: string }) => void} ask
 */
const offerExamples = (prose, ask) => {
  for (const item of prose.querySelectorAll("ul > li")) {
    const q = item.textContent.trim();
    item.replaceChildren(h("button", { type: "button", class: "offer", onclick: () => ask({ q }) }, q));
    item.parentElement.classList.add("offers");
  }
};

/** Build the button of a group, which asks for its papers.
 * @param {Answer["groups"][number]} group
 * @param {(question: any) => void} ask
 * @param {Record<string, string>} look
 * @param {...(Node | string)} words
 */
const groupButton = ({ label, papers }, ask, look, ...words) => {
  const onclick = () => ask({ q: say("group_q", { label }), plan: { kind: "list", papers } });
  const name = say("group_n", { label, n: papers.length });
  return h("button", { type: "button", "aria-label": name, ...look, onclick }, words);
};

/** Build the groups of a set with their counts.
 * @param {Answer} answer
 * @param {(question: any) => void} ask
 */
const groupOverview = (answer, ask) => {
  const most = Math.max(...answer.groups.map((group) => group.papers.length));
  const button = (group) => {
    const n = group.papers.length;
    const words = [h("span", { class: "cut" }, group.label), h("span", { class: "quiet" }, String(n))];
    return groupButton(group, ask, { class: "group", style: `--share: ${n / most}` }, ...words);
  };
  const named = { class: "groups", role: "group", "aria-label": say("by_approach") };
  return h("div", named, answer.groups.map(button));
};

/** Let the groups that a text names with their counts ask for their papers. Tells whether it names any.
 * @param {HTMLElement} prose
 * @param {Answer} answer
 * @param {(question: any) => void} ask
 */
const askGroups = (prose, answer, ask) => {
  const named = answer.groups.filter((group) => {
    const head = [...prose.querySelectorAll(":scope > ul > li")].find((item) =>
      item.textContent.startsWith(`${group.label} · `),
    )?.firstChild;
    if (!head) return false;
    const button = groupButton(group, ask, { class: "plainlink grouphead" }, group.label);
    if (head instanceof Text) head.replaceWith(button, head.data.slice(group.label.length));
    else head.replaceWith(button);
    return true;
  });
  return named.length > 0;
};

/** Let each author of a ranking ask for his or her papers.
 * @param {HTMLElement} prose
 * @param {(question: any) => void} ask
 */
const askAuthors = (prose, ask) => {
  for (const cell of prose.querySelectorAll("tbody td:first-child")) {
    const name = cell.textContent.trim();
    const onclick = () => ask(asks.author(name));
    cell.replaceChildren(h("button", { type: "button", class: "plainlink author", onclick }, name));
  }
};

/** Name the column in each cell of a comparison, so that a phone can show every row as a card.
 * @param {HTMLElement} prose
 */
const nameCells = (prose) => {
  const table = prose.querySelector("table");
  if (!table) return;
  table.classList.add("compare");
  table.setAttribute("role", "table"); // a card is no row to a browser
  table.style.setProperty("--things", String(table.querySelectorAll("th").length - 1));
  const heads = [...table.querySelectorAll("th")].map((head) => {
    const copy = /** @type {HTMLElement} */ (head.cloneNode(true));
    for (const mark of copy.querySelectorAll(".cite")) mark.remove();
    return copy.textContent.trim().split(/: | (?:with|for|via|from|through|using|by|in) /)[0]; // a title's own name
  });
  for (const row of table.querySelectorAll("tr")) {
    row.setAttribute("role", "row");
    for (const [at, cell] of [...row.children].entries()) {
      const role = at ? "cell" : "rowheader";
      cell.setAttribute("role", cell.tagName === "TH" ? "columnheader" : role);
      if (cell.tagName === "TD" && at) cell.setAttribute("data-label", heads[at]);
    }
  }
};

/** Let what follows the count in the first paragraph be quiet: how it was counted.
 * @param {HTMLElement} prose
 */
const quietNotes = (prose) => {
  const first = prose.firstElementChild;
  const end = first?.tagName === "P" && first.querySelector(":scope > br");
  if (!end) return;
  const rest = [...first.childNodes].slice([...first.childNodes].indexOf(end) + 1);
  end.replaceWith(h("span", { class: "quiet note" }, rest));
};

const FOREIGN = /\s*\((Korean summary|영어 요약)\)/; // as the answers say it in full

/** Let a small sign say of each sentence in the other language that it is; in a list before it, as the page may cut its end.
 * @param {HTMLElement} prose
 */
const quietLanguages = (prose) => {
  const walker = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const text of texts) {
    const [before, words, ...after] = text.data.split(FOREIGN);
    if (words === undefined) continue;
    const sign = words === "Korean summary" ? "KO" : "EN";
    const mark = h("abbr", { class: "foreign", title: words, "aria-label": words }, sign);
    const meta = text.parentElement.querySelector(":scope > .meta");
    if (meta) meta.after(" ", mark);
    text.replaceWith(before, meta ? "" : mark, after.join(""));
  }
};

/** Mark the entries of papers that match less surely.
 * @param {HTMLElement} prose
 * @param {Citation[]} citations
 */
const markNear = (prose, citations) => {
  const near = new Set(citations.filter((one) => one.relation === "near").map((one) => String(one.n)));
  if (!near.size) return;
  for (const entry of prose.querySelectorAll(":scope > ol > li")) {
    const mark = /** @type {HTMLElement | null} */ (entry.querySelector(".cite"));
    const place = entry.querySelector(".meta");
    if (mark && near.has(mark.dataset.n) && place)
      place.append(" ", h("span", { class: "tag near", title: say("near_why") }, say("near")));
  }
};

/** Let the date and the votes of an entry stand before its sentence, so that they never take a line of their own.
 * @param {HTMLElement} prose
 */
const joinMeta = (prose) => {
  for (const entry of prose.querySelectorAll(":scope > ol > li")) {
    const meta = entry.querySelector(":scope > .meta");
    if (meta) entry.querySelector(":scope > ul .said")?.prepend(meta, " ");
  }
};

/** Let no citation mark begin a line.
 * @param {HTMLElement} prose
 */
const holdMarks = (prose) => {
  for (const mark of prose.querySelectorAll(".cite, .foreign")) {
    const before = mark.previousSibling;
    if (before instanceof Text && before.data.endsWith(" ")) before.data = `${before.data.slice(0, -1)}\u00a0`;
  }
};

/** Dress the text of an answer.
 * @param {HTMLElement} prose
 * @param {Answer} answer
 * @param {(question: any) => void} ask
 */
export const dress = (prose, answer, ask) => {
  if (answer.kind === "help" || answer.status === "refused") offerExamples(prose, ask);
  if (answer.kind === "compare") nameCells(prose);
  if (SETS.has(answer.kind)) quietNotes(prose);
  if (answer.plan.kind === "trend" && answer.plan.by === "authors") askAuthors(prose, ask);
  markNear(prose, answer.citations);
  joinMeta(prose);
  quietLanguages(prose);
  holdMarks(prose);
  if (answer.groups?.length && !askGroups(prose, answer, ask))
    prose.querySelector(":scope > ol")?.before(groupOverview(answer, ask));
  paintMaths(prose);
};

const SETS = new Set(["list", "count", "superlative", "author", "date"]);
const ORDERED = new Set(["list", "author", "superlative"]);

/** Return the orders that a set can have: the word for each, with the fields of its plan.
 * @param {Plan} plan
 * @returns {[string, Partial<Plan>][]}
 */
const ordersOf = (plan) => {
  const own = { kind: "list", by: null, order: null };
  /** @type {[string, Partial<Plan>][]} */
  const orders = plan.topics?.length ? [["by_relevance", own]] : [];
  const newest = plan.topics?.length ? { kind: "superlative", by: "date", order: "desc" } : own;
  return [...orders, ["by_date", newest], ["by_votes", { kind: "superlative", by: "votes", order: "desc" }]];
};

/** Build the choice of an order; nothing for an answer that has none.
 * @param {Turn} turn
 * @param {import("./page.js").Page} page
 */
export const orderChoice = (turn, page) => {
  const { plan, count, status } = turn.answer;
  const isOther = plan.limit || plan.figure || plan.order === "asc" || !ORDERED.has(plan.kind);
  const isShort = count < 2 && !plan.by; // but a set that an order has made short can be put back
  if (isOther || isShort || status !== "answered" || (plan.papers ?? []).length) return null;
  const orders = ordersOf(plan);
  const now = orders.findIndex(([, changes]) => changes.by === (plan.by ?? null));
  const choose = (event) => {
    const [, changes] = orders[event.target.selectedIndex];
    page.conversation.rerun(turn, { ...plan, ...changes });
  };
  const options = orders.map(([word], at) => h("option", { selected: at === Math.max(now, 0) }, say(word)));
  const select = h("select", { "aria-label": say("order"), onchange: choose }, options);
  return h("span", { class: "chip order" }, select);
};
