/** A set of papers as a table that sorts, filters and pages, and as bars by month. */
import { download, h, icon } from "./dom.js";
import { asks } from "./sources.js";
import { say } from "./strings.js";

const PAGE = 20;
const TYPES = { bib: ["BibTeX", "application/x-bibtex"], md: ["Markdown", "text/markdown"], csv: ["CSV", "text/csv"] };
const [ID, TITLE, DATE, VOTES, AUTHORS, RELATION] = [0, 1, 2, 3, 4, 5];

export const table = (rows, { exporting, ask }) => {
  const related = rows.some((row) => row[RELATION]);
  const columns = [[TITLE, "title"], [DATE, "date"], [VOTES, "votes_col"], [AUTHORS, "authors"], ...(related ? [[RELATION, "relation"]] : [])];
  let [sorted, down, wanted, page] = [null, true, "", 0];
  const body = h("tbody");
  const count = h("span", { class: "quiet", role: "status" });
  const find = h("input", { type: "search", "aria-label": say("search_table"), placeholder: say("search_table"), oninput: () => { wanted = find.value.trim().toLowerCase(); page = 0; fill(); } });
  const [back, on] = [["previous", "left", -1], ["next", "right", 1]].map(([word, sign, step]) =>
    h("button", { type: "button", class: "tool", "aria-label": say(word), title: say(word), onclick: () => { page += step; fill(); } }, icon(sign)));
  const heads = columns.map(([column, word]) => h("th", { scope: "col", "aria-sort": "none" },
    h("button", { type: "button", onclick: () => { down = sorted === column ? !down : column === DATE || column === VOTES; sorted = column; page = 0; fill(); } }, say(word))));

  const order = (a, b) => {
    const [x, y] = [a[sorted], b[sorted]].map((value) => (Array.isArray(value) ? value.join() : value));
    if (x === null || y === null) return (x === null) - (y === null); // what is not known comes last either way
    return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
  };
  const fill = () => {
    let found = wanted ? rows.filter((row) => `${row[TITLE]} ${row[ID]} ${row[AUTHORS].join(" ")}`.toLowerCase().includes(wanted)) : rows;
    if (sorted !== null) found = [...found].sort(order);
    page = Math.max(0, Math.min(page, Math.ceil(found.length / PAGE) - 1));
    const here = found.slice(page * PAGE, (page + 1) * PAGE);
    body.replaceChildren(...here.map((row) => h("tr", {},
      columns.map(([column]) => {
        if (column === TITLE) return h("td", {}, h("a", { href: `https://arxiv.org/abs/${row[ID]}`, target: "_blank", rel: "noopener noreferrer" }, row[TITLE]));
        if (column === VOTES) return h("td", { class: "figure" }, row[VOTES] === null ? "–" : String(row[VOTES]));
        if (column === AUTHORS) return h("td", { class: "names" }, row[AUTHORS].slice(0, 3).join(", ") + (row[AUTHORS].length > 3 ? ` +${row[AUTHORS].length - 3}` : ""));
        if (column === DATE) return h("td", { class: "figure" }, h("button", { type: "button", class: "plainlink", onclick: () => ask(asks.day(row[DATE])) }, row[DATE]));
        return h("td", {}, row[RELATION] ? h("span", { class: `tag ${row[RELATION]}` }, say(row[RELATION])) : "");
      }))));
    if (!here.length) body.replaceChildren(h("tr", {}, h("td", { colspan: String(columns.length), class: "quiet" }, say("nothing_here"))));
    count.textContent = say("shown", { n: found.length, a: here.length ? page * PAGE + 1 : 0, b: page * PAGE + here.length });
    back.disabled = page === 0;
    on.disabled = (page + 1) * PAGE >= found.length;
    heads.forEach((head, at) => head.setAttribute("aria-sort", columns[at][0] !== sorted ? "none" : down ? "descending" : "ascending"));
  };
  const give = async (ending) => {
    const text = await exporting(ending);
    if (text !== null) download(`nonmun.${ending}`, text, TYPES[ending][1]);
  };
  fill();
  return h("div", { class: "set" },
    h("div", { class: "setbar" }, find, h("span", { class: "room" }),
      h("span", { class: "quiet" }, say("export_as")),
      Object.keys(TYPES).map((ending) => h("button", { type: "button", class: "small", onclick: () => give(ending) }, TYPES[ending][0]))),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("table_tab") }, h("table", {}, h("thead", {}, h("tr", {}, heads)), body)),
    h("div", { class: "setbar" }, count, h("span", { class: "room" }), back, on));
};

const SVG = "http://www.w3.org/2000/svg";
const s = (tag, attributes, text) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

/** Papers by month, every month from the first to the last, [month, papers] each. */
export const byMonth = (rows) => {
  const counts = new Map();
  for (const row of rows) counts.set(row[DATE].slice(0, 7), (counts.get(row[DATE].slice(0, 7)) ?? 0) + 1);
  const months = [...counts.keys()].sort();
  const found = [];
  let [year, month] = (months[0] ?? "2000-01").split("-").map(Number);
  const last = months.at(-1) ?? "2000-01";
  for (let name = months[0] ?? last; name <= last && found.length < 600;) {
    found.push([name, counts.get(name) ?? 0]);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
    name = `${year}-${String(month).padStart(2, "0")}`;
  }
  return found;
};

export const bars = (rows, choose) => {
  const months = byMonth(rows);
  const [height, low, left] = [200, 26, 30];
  const width = Math.max(300, Math.min(704, innerWidth - 40)); // drawn at its own size, so that a phone can read its labels
  const most = Math.max(1, ...months.map(([, n]) => n));
  const step = (width - left) / months.length;
  const [top, max] = months.reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0]);
  const label = say("chart", { from: months[0][0], to: months.at(-1)[0], n: rows.length, top, max });
  const drawn = s("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label, class: "bars" });
  for (const share of most % 2 ? [0, 1] : [0, 0.5, 1]) {
    const n = most * share;
    const y = (height - low) - ((height - low - 16) * n) / most;
    drawn.append(s("line", { x1: left, x2: width, y1: y, y2: y, class: "grid" }), s("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, String(n)));
  }
  const every = Math.ceil(months.length / (width > 500 ? 12 : 6));
  months.forEach(([month, n], at) => {
    const tall = ((height - low - 16) * n) / most;
    const x = left + at * step;
    const bar = s("g", { class: "column", tabindex: n ? "0" : "-1", role: "button", "aria-label": say("month_n", { month, n }) });
    bar.append(s("title", {}, say("month_n", { month, n })),
      s("rect", { x, y: 0, width: step, height: height - low, class: "reach" }),
      s("rect", { x: x + step * 0.14, y: height - low - tall, width: Math.min(step * 0.72, 44), height: tall, rx: Math.min(3, step / 6), class: "ink" }));
    if (at % every === 0) drawn.append(s("text", { x: x + Math.min(step / 2, 28), y: height - 8, "text-anchor": "middle" }, months.length > 12 || at === 0 || month.endsWith("01") ? month.slice(2) : month.slice(5)));
    if (n) {
      bar.addEventListener("click", () => choose(month));
      bar.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(month); } });
    } else bar.setAttribute("aria-hidden", "true");
    drawn.append(bar);
  });
  return h("figure", { class: "chart" }, drawn);
};
