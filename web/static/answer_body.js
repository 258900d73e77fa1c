/** The body of an answer: its text, and for a set of papers also a table and bars by month. */
import { dress } from "./answer_dress.js";
import { h } from "./dom.js";
import { bars } from "./months.js";
import { say } from "./strings.js";
import { table } from "./table.js";

const SETS = new Set(["list", "count", "superlative", "author", "date", "digest", "trend"]);
const LONG = 9_000; // characters of HTML from which an answer is folded
const VIEWS = [
  ["answer", "answer_tab"],
  ["table", "table_tab"],
  ["months", "months_tab"],
];

/** Fold a long text; return the button that unfolds it.
 *
 * A folded text that scrolls (to what is found or focused in it) opens, and nothing moves under the reader's pointer.
 * @param {HTMLElement} text
 */
const fold = (text) => {
  text.classList.add("folded");
  const toggle = () => {
    const scrolled = text.scrollTop;
    const open = !text.classList.toggle("folded");
    button.setAttribute("aria-expanded", String(open));
    button.textContent = say(open ? "collapse" : "expand");
    if (scrolled) text.closest(".scroller").scrollTop += scrolled;
  };
  const unfold = () => {
    if (text.classList.contains("folded")) toggle();
  };
  text.addEventListener("scroll", unfold);
  text.addEventListener("focusin", ({ target }) => {
    const floor = text.getBoundingClientRect().bottom;
    if (/** @type {HTMLElement} */ (target).getBoundingClientRect().bottom > floor) unfold();
  });
  const button = h(
    "button",
    { type: "button", class: "small", "aria-expanded": "false", onclick: toggle },
    say("expand"),
  );
  return button;
};

/** Build the text of an answer.
 * @param {Turn} turn
 * @param {import("./page.js").Page} page
 */
const answerText = (turn, page) => {
  const { answer } = turn;
  const prose = h("div", { class: `prose ${turn.arrived ? "arrived" : ""}`, lang: answer.language, html: answer.html });
  dress(prose, answer, (question) => page.conversation.ask(question));
  const unfold = answer.html.length > LONG ? fold(prose) : null;
  const lostAll = turn.plan && SETS.has(answer.kind) && answer.chips.length === 1 && answer.count > 0;
  return h("div", {}, lostAll && h("p", { class: "quiet left" }, say("all_left")), prose, unfold);
};

/** Whether an answer is drawn by month; rankings, other units of time and sums of votes are not.
 * @param {Answer} answer
 */
const isDrawn = ({ kind, plan }) =>
  kind === "trend" && !plan.order && !plan.measure && (plan.per ?? "month") === "month";

/** Return the plan for the papers of one month.
 * @param {Plan} plan
 * @param {string} month such as 2024-06
 * @returns {Plan}
 */
const planOfMonth = (plan, month) => {
  const [year, number] = month.split("-").map(Number);
  const after = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
  return {
    ...plan,
    kind: plan.kind === "trend" ? "list" : plan.kind,
    date_from: `${month}-01`,
    date_to: `${after}-01`,
  };
};

/** Leave out the papers that only mention what a plan asks for.
 * @param {Row[]} rows
 * @param {Plan} plan
 */
const counted = (rows, plan) => {
  if (!plan.relation || plan.relation === "mention") return rows;
  return rows.filter((row) => ["proposes", "uses"].includes(row[5]));
};

/** Build the body of an answer, and the tabs for the other views of its set where it has any.
 * @param {Turn} turn
 * @param {import("./page.js").Page} page
 */
export const answerBody = (turn, page) => {
  const { answer } = turn;
  const text = answerText(turn, page);
  if (!SETS.has(answer.kind) || answer.count < 2) return { tabs: null, body: text };
  const place = h("div", { class: "view" }, text);
  const chooseMonth = (month) => {
    turn.view = "answer";
    page.conversation.rerun(turn, planOfMonth(answer.plan, month));
  };
  const show = async (view) => {
    turn.view = view;
    for (const tab of tabs.children) tab.setAttribute("aria-pressed", String(tab.getAttribute("data-view") === view));
    if (view === "answer") {
      place.replaceChildren(text);
      return;
    }
    const words = isDrawn(answer) && view === "months" ? [text] : []; // they do not wait for the bars
    if (!turn.rows) {
      const loading = h("p", { class: words.length ? "quiet chart coming" : "quiet" }, say("loading"));
      place.replaceChildren(loading, ...words);
    }
    const rows = await page.server.rowsOf(turn);
    if (turn.view !== view) return;
    if (!rows) {
      const again = h("button", { type: "button", class: "small", onclick: () => show(view) }, say("retry_short"));
      const problem = h("p", { class: "problem", role: "alert" }, h("span", {}, say("not_loaded")), again);
      place.replaceChildren(problem, ...words);
      return;
    }
    if (view === "table") place.replaceChildren(table(rows, turn, page));
    else place.replaceChildren(bars(counted(rows, answer.plan), chooseMonth), ...words);
  };

  const tabs = h(
    "div",
    { class: "tabs", role: "group" },
    VIEWS.map(([view, word]) => {
      const pressed = String(view === "answer");
      return h(
        "button",
        { type: "button", "data-view": view, "aria-pressed": pressed, onclick: () => show(view) },
        say(word),
      );
    }),
  );
  const first = turn.view ?? (isDrawn(answer) ? "months" : "answer");
  if (first !== "answer") show(first);
  return { tabs, body: place };
};
