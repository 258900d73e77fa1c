/** Papers by month as bars. */
import { h } from "./dom.js";
import { say } from "./strings.js";

const DATE = 2; // the place of the date in a row
const SVG = "http://www.w3.org/2000/svg";
const svg = (tag, attributes, text) => {
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
  const drawn = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label, class: "bars" });
  for (const share of most % 2 ? [0, 1] : [0, 0.5, 1]) {
    const n = most * share;
    const y = height - low - ((height - low - 16) * n) / most;
    drawn.append(
      svg("line", { x1: left, x2: width, y1: y, y2: y, class: "grid" }),
      svg("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, String(n)),
    );
  }
  const every = Math.ceil(months.length / (width > 500 ? 12 : 6));
  months.forEach(([month, n], at) => {
    const tall = ((height - low - 16) * n) / most;
    const x = left + at * step;
    const bar = svg("g", {
      class: "column",
      tabindex: n ? "0" : "-1",
      role: "button",
      "aria-label": say("month_n", { month, n }),
    });
    bar.append(
      svg("title", {}, say("month_n", { month, n })),
      svg("rect", { x, y: 0, width: step, height: height - low, class: "reach" }),
      svg("rect", {
        x: x + step * 0.14,
        y: height - low - tall,
        width: Math.min(step * 0.72, 44),
        height: tall,
        rx: Math.min(3, step / 6),
        class: "ink",
      }),
    );
    if (at % every === 0)
      drawn.append(
        svg(
          "text",
          { x: x + Math.min(step / 2, 28), y: height - 8, "text-anchor": "middle" },
          months.length > 12 || at === 0 || month.endsWith("01") ? month.slice(2) : month.slice(5),
        ),
      );
    if (n) {
      bar.addEventListener("click", () => choose(month));
      bar.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          choose(month);
        }
      });
    } else bar.setAttribute("aria-hidden", "true");
    drawn.append(bar);
  });
  return h("figure", { class: "chart" }, drawn);
};
