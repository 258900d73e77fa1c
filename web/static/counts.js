/** The counts in the side: how many papers are saved, and how many are new for followed questions. */
import { followed } from "./followed_store.js";
import { saved } from "./saved_store.js";
import { say } from "./strings.js";

/** @typedef {import("./page.js").Page} Page */

/** Write a count into its row of the side.
 * @param {Page} page
 * @param {string} row
 * @param {string} text
 */
const write = (page, row, text) => (page.side.querySelector(`#${row} .count`).textContent = text);

/** Show how many papers are saved.
 * @param {Page} page
 */
export const paintSaved = (page) => {
  write(page, "saved", saved.size ? String(saved.size) : "");
  page.welcome.feed.paint();
};

/** Show how many new papers the followed questions have, in the side and in the digest.
 * @param {Page} page
 */
export const paintFollowed = (page) => {
  /** @type {HTMLElement} */
  const row = page.side.querySelector("#followed");
  row.hidden = !page.follows;
  const fresh = followed.reduce((sum, one) => sum + one.papers, 0);
  write(page, "followed", fresh ? say("new_papers", { n: fresh }) : "");
  page.welcome.feed.paint();
  for (const star of page.flow.querySelectorAll(".followstar")) star.dispatchEvent(new Event("repaint"));
};
