/** How far something is: a bar, and how much is done. */
import { h } from "./dom.js";

/** Return how much of an ingest is done, in numbers; nothing where that is not known.
 * @param {number} done
 * @param {number} total 0: not known
 */
export const doneOf = (done, total) => (total ? [done, total].map((n) => n.toLocaleString("en-US")).join(" / ") : "");

/** Build a bar.
 * @param {string} label
 * @param {number} done
 * @param {number} total 0: not known
 */
export const progressBar = (label, done, total) => {
  const percent = total ? Math.round((100 * done) / total) : null;
  const known = percent !== null;
  const properties = {
    class: "progress",
    role: "progressbar",
    "aria-label": label,
    "aria-valuemin": "0",
    "aria-valuemax": "100",
    "aria-valuenow": known ? String(percent) : undefined,
  };
  return h("div", properties, h("div", { class: known ? "" : "unknown", style: known ? `width:${percent}%` : "" }));
};
