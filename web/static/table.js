/** A set of papers as a table that can be sorted, searched, paged and exported. */
import { h, icon, together } from "./dom.js";
import { download, fileName } from "./export.js";
import { asks } from "./asks.js";
import { askedOf } from "./chips.js";
import { paperLink } from "./papers.js";
import { say } from "./strings.js";

const PAGE = 20; // rows on one page of the table
const MOST = 3_000; // papers that can be named to the server at once
const FEW = 3; // authors shown in a row
const TYPES = { bib: ["BibTeX", "application/x-bibtex"], md: ["Markdown", "text/markdown"], csv: ["CSV", "text/csv"] };

// places in a row
const ID = 0;
const TITLE = 1;
const DATE = 2;
const VOTES = 3;
const AUTHORS = 4;
const RELATION = 5;
const SENTENCE = 6;

/** Compare two rows by a column. Unknown values come last in either direction.
 * @param {number} column
 * @param {boolean} descending
 */
const order = (column, descending) => (a, b) => {
  const [x, y] = [a[column], b[column]].map((value) => (Array.isArray(value) ? value.join() : value));
  if (x === null || y === null) return Number(x === null) - Number(y === null);
  if (x === y) return 0;
  return x < y === descending ? 1 : -1;
};

/** @param {Row} row */
const authors = (row) => {
  const more = row[AUTHORS].length - FEW;
  return row[AUTHORS].slice(0, FEW).join(", ") + (more > 0 ? ` +${more}` : "");
};

/** What a cell of each column shows.
 * @type {Record<number, (row: Row, page: import("./page.js").Page) => HTMLElement>}
 */
const CELLS = {
  [TITLE]: (row, page) => {
    const telling = row[SENTENCE] && h("p", { class: "telling" }, together(row[SENTENCE]));
    const near = row[RELATION] === "near" && h("span", { class: "tag near", title: say("near_why") }, say("near"));
    return h("td", {}, h("div", {}, paperLink(page, row[ID], row[TITLE]), near && " ", near), telling);
  },
  [DATE]: (row, page) => {
    const askDay = () => page.conversation.ask(asks.day(row[DATE]));
    return h(
      "td",
      { class: "figure" },
      h("button", { type: "button", class: "plainlink", onclick: askDay }, row[DATE]),
    );
  },
  [VOTES]: (row) => h("td", { class: "figure" }, row[VOTES] === null ? "–" : String(row[VOTES])),
  [AUTHORS]: (row) => h("td", { class: "names" }, authors(row)),
  [RELATION]: (row) => {
    const relation = row[RELATION];
    return h("td", {}, relation && relation !== "near" ? h("span", { class: `tag ${relation}` }, say(relation)) : "");
  },
};

class SetTable {
  /**
   * @param {Row[]} rows
   * @param {import("./page.js").Page} page
   */
  constructor(rows, page) {
    this.rows = rows;
    this.whole = page;
    this.search = "";
    this.page = 0;
    /** @type {number | null} */
    this.sortedBy = null;
    this.descending = true;
    /** @type {[number, string][]} */
    this.columns = [
      [TITLE, "title"],
      [DATE, "date"],
      [VOTES, "votes_col"],
      [AUTHORS, "authors"],
    ];
    if (rows.some((row) => row[RELATION] && row[RELATION] !== "near")) this.columns.push([RELATION, "relation"]);
    this.body = h("tbody");
    this.count = h("span", { class: "quiet", role: "status" });
    this.previous = this.pager("previous", "left", -1);
    this.next = this.pager("next", "right", 1);
    this.heads = this.columns.map(([column, word]) => {
      const button = h("button", { type: "button", onclick: () => this.sort(column) }, say(word));
      const of = column === AUTHORS ? "names" : undefined;
      return h("th", { scope: "col", "aria-sort": "none", class: of }, button);
    });
    this.fill();
  }

  /** Build a button that turns the page.
   * @param {string} word
   * @param {string} sign
   * @param {number} step
   */
  pager(word, sign, step) {
    const turn = () => {
      this.page += step;
      this.fill();
    };
    const label = { "aria-label": say(word), title: say(word) };
    return h("button", { type: "button", class: "tool", ...label, onclick: turn }, icon(sign));
  }

  /** Build the box that searches the table. */
  searchBox() {
    const find = (event) => {
      this.search = event.target.value.trim().toLowerCase();
      this.page = 0;
      this.fill();
    };
    const label = say("search_table");
    return h("input", { type: "search", "aria-label": label, placeholder: label, oninput: find });
  }

  /** Sort by a column. The same column again turns the order around; dates and votes begin with the highest.
   * @param {number} column
   */
  sort(column) {
    this.descending = this.sortedBy === column ? !this.descending : column === DATE || column === VOTES;
    this.sortedBy = column;
    this.page = 0;
    this.fill();
  }

  /** Return the rows that the search leaves, in order. */
  found() {
    const textOf = (row) => `${row[TITLE]} ${row[ID]} ${row[AUTHORS].join(" ")} ${row[SENTENCE] ?? ""}`.toLowerCase();
    const found = this.search ? this.rows.filter((row) => textOf(row).includes(this.search)) : [...this.rows];
    return this.sortedBy === null ? found : found.sort(order(this.sortedBy, this.descending));
  }

  /** Return the papers that are shown, in their order; null for the whole set as it came, or a very large one. */
  shown() {
    const isWhole = !this.search && this.sortedBy === null;
    const found = isWhole ? [] : this.found();
    return isWhole || found.length > MOST ? null : found.map((row) => row[ID]);
  }

  fill() {
    const found = this.found();
    this.page = Math.max(0, Math.min(this.page, Math.ceil(found.length / PAGE) - 1));
    const before = this.page * PAGE;
    const here = found.slice(before, before + PAGE);
    const none = h("td", { colspan: String(this.columns.length), class: "quiet" }, say("nothing_here"));
    const rows = here.map((row) =>
      h(
        "tr",
        {},
        this.columns.map(([column]) => CELLS[column](row, this.whole)),
      ),
    );
    this.body.replaceChildren(...(rows.length ? rows : [h("tr", {}, none)]));
    const first = here.length ? before + 1 : 0;
    this.count.textContent = say("shown", { n: found.length, a: first, b: before + here.length });
    this.previous.disabled = this.page === 0;
    this.next.disabled = before + PAGE >= found.length;
    const direction = this.descending ? "descending" : "ascending";
    this.heads.forEach((head, at) => {
      head.setAttribute("aria-sort", this.columns[at][0] === this.sortedBy ? direction : "none");
    });
  }
}

/** Build the table of a set.
 * @param {Row[]} rows
 * @param {Turn} turn whose set it is
 * @param {import("./page.js").Page} page
 */
export const table = (rows, turn, page) => {
  const set = new SetTable(rows, page);
  const save = async (ending) => {
    const file = await page.server.exportOf(turn, ending, set.shown());
    const name = turn.edited ? askedOf(turn.answer) : turn.q;
    if (file !== null) download(fileName(name, ending), file, TYPES[ending][1]);
  };
  const exports = Object.keys(TYPES).map((ending) =>
    h("button", { type: "button", class: "small", onclick: () => save(ending) }, TYPES[ending][0]),
  );
  const room = () => h("span", { class: "room" });
  const label = h("span", { class: "quiet" }, say("export_as"));
  const sheet = h("table", {}, h("thead", {}, h("tr", {}, set.heads)), set.body);
  const scroll = { class: "scroll", tabindex: "0", role: "region", "aria-label": say("table_tab") };
  return h(
    "div",
    { class: "set" },
    h("div", { class: "setbar" }, set.searchBox(), room(), label, exports),
    h("div", scroll, sheet),
    h("div", { class: "setbar" }, set.count, room(), set.previous, set.next),
  );
};
