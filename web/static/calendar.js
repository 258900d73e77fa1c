/** A month of days, each with the number of papers of its digest. */
import { h, iconButton } from "./dom.js";
import { getLanguage, say } from "./strings.js";

const DAY = 86_400_000; // milliseconds

const utc = (iso) => new Date(`${iso}T00:00:00Z`);
const isoOf = (day) => day.toISOString().slice(0, 10);
const named = (iso, options) =>
  new Intl.DateTimeFormat(getLanguage(), { timeZone: "UTC", ...options }).format(utc(iso));

/** Name the weekday of a day.
 * @param {string} iso
 */
export const weekday = (iso) => named(iso, { weekday: "short" });

/** Name the month of a day.
 * @param {string} iso
 */
export const monthName = (iso) => named(iso, { year: "numeric", month: "long" });

/** Name a day with its weekday, or a range of days without what both ends share.
 * @param {string} from
 * @param {string} to
 */
export const rangeName = (from, to) => {
  if (from === to) return `${from} (${weekday(from)})`;
  return `${from} ~ ${from.slice(0, 4) === to.slice(0, 4) ? to.slice(5) : to}`;
};

/** Return the first and the last day of the week or the month around a day. Weeks begin on Sunday, as calendars do here.
 * @param {string} iso
 * @param {string} span
 * @returns {[string, string]}
 */
export const rangeOf = (iso, span) => {
  const day = utc(iso);
  if (span === "month") {
    const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0));
    return [`${iso.slice(0, 7)}-01`, isoOf(last)];
  }
  const sunday = day.getTime() - day.getUTCDay() * DAY;
  return [isoOf(new Date(sunday)), isoOf(new Date(sunday + 6 * DAY))];
};

/** Return the month that lies some months after another.
 * @param {string} month such as 2024-06
 * @param {number} by
 */
const moved = (month, by) => {
  const [year, number] = month.split("-").map(Number);
  return isoOf(new Date(Date.UTC(year, number - 1 + by, 1))).slice(0, 7);
};

/** Build a month.
 * @param {{ days: [string, number][], month: string, from: string, to: string, since: string,
 *   choose: (day: string) => void, turn: (month: string) => void }} shown the range from … to is marked, and what is newer than `since`
 */
export const calendar = ({ days, month, from, to, since, choose, turn }) => {
  const counts = new Map(days);
  const [first, last] = rangeOf(`${month}-01`, "month");
  const blank = utc(first).getUTCDay();
  const cells = [];
  for (let at = 0; at < blank; at += 1) cells.push(h("span", {}));
  for (let day = first; day <= last; day = isoOf(new Date(utc(day).getTime() + DAY))) cells.push(cell(day));

  /** @param {string} day */
  function cell(day) {
    const n = counts.get(day);
    const number = h("span", { class: "dayno" }, String(Number(day.slice(8))));
    if (!n) return h("span", { class: "nodigest" }, number);
    const isChosen = from <= day && day <= to;
    const isNew = since && day > since;
    const label = say("day_n", { day: `${day} (${weekday(day)})`, n }) + (isNew ? ` · ${say("fresh")}` : "");
    const properties = { type: "button", "aria-label": label, "aria-pressed": String(isChosen), "data-day": day };
    return h("button", { ...properties, class: isNew ? "isnew" : "", onclick: () => choose(day) }, number, h("span", { class: "count" }, String(n))); // prettier-ignore
  }

  const weekdays = [0, 1, 2, 3, 4, 5, 6].map((at) => h("span", { class: "weekday" }, weekday(`2023-01-0${at + 1}`)));
  const [oldest, newest] = [days[0]?.[0].slice(0, 7) ?? month, days.at(-1)?.[0].slice(0, 7) ?? month];
  const step = (sign, word, by) => {
    const other = moved(month, by);
    return iconButton(sign, say(word), () => turn(other), { disabled: other < oldest || other > newest });
  };
  return h(
    "div",
    { class: "calendar", role: "group", "aria-label": say("calendar") },
    h(
      "div",
      { class: "monthbar" },
      step("left", "month_before", -1),
      h("strong", {}, monthName(first)),
      step("right", "month_after", 1),
    ),
    h("div", { class: "monthgrid" }, weekdays, cells),
  );
};
