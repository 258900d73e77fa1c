/** What is shown of a paper wherever one stands: its link to its own page, a star to save it. */
import { paperAddress } from "./address.js";
import { isPlainClick } from "./chats.js";
import { h, iconButton } from "./dom.js";
import { withMaths } from "./maths.js";
import { saved, toggleSaved } from "./saved_store.js";
import { votes } from "./asks.js";
import { say } from "./strings.js";

/** Build the star that saves a paper.
 * @param {SavedView} paper
 */
export const star = (paper) => {
  const paint = () => button.setAttribute("aria-pressed", String(saved.has(paper.id)));
  const toggle = async () => {
    await toggleSaved(paper);
    paint();
  };
  const button = iconButton("star", say("save_paper"), toggle, { class: "tool star" });
  paint();
  return button;
};

/** Build the link to a paper's own page.
 * @param {import("./page.js").Page} page
 * @param {string} id
 * @param {string} words
 */
export const paperLink = (page, id, words) => {
  const href = paperAddress(id);
  const open = (event) => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    page.open(href);
  };
  return h("a", { href, onclick: open }, withMaths(words));
};

/** Build the date and the votes of a paper.
 * @param {{ date: string, votes: number | null }} paper
 */
export const paperMeta = ({ date, votes: n }) => h("span", { class: "quiet meta" }, `${date} · ${votes(n)}`);

/** Build a list of papers that lead to their pages.
 * @param {import("./page.js").Page} page
 * @param {PaperView[]} papers
 */
export const paperList = (page, papers) =>
  h(
    "ul",
    { class: "paperlist" },
    papers.map((paper) => h("li", {}, paperLink(page, paper.id, paper.title), " ", paperMeta(paper))),
  );
