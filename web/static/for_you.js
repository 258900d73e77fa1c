/** The papers of a day in the order of the reader's stars. Stars and dismissed papers stay in this browser; they are sent
 * along to be ranked by, and nothing of them is kept there. */
import { h, iconButton } from "./dom.js";
import { paperLink } from "./papers.js";
import { saved } from "./saved_store.js";
import { postJson } from "./server.js";
import { readLocal, writeLocal } from "./storage.js";
import { getLanguage, say } from "./strings.js";

const DISMISSED = "nonmun.dismissed.1";
const LEAST = 5; // stars from which papers are ranked
const MOST = 1_000;

/** @returns {string[]} the ids of dismissed papers, the newest first */
export const dismissed = () => readLocal(DISMISSED, []).filter((id) => typeof id === "string");

/** @param {string} id */
const dismiss = (id) => writeLocal(DISMISSED, [...new Set([id, ...dismissed()])].slice(0, MOST));

/** Take back every dismissal. */
export const forgetDismissed = () => writeLocal(DISMISSED, []);

export const isOffered = () => saved.size >= LEAST;

/** Load the papers of a day for this reader; null where the server does not rank them.
 * @param {string | null | undefined} when
 * @returns {Promise<(Digest["papers"][number] & { near: PaperView[] })[] | null>}
 */
export const loadForYou = async (when) => {
  const stars = [...saved.keys()].slice(0, MOST);
  try {
    const body = { stars, dismissed: dismissed(), when: when ?? null, language: getLanguage() };
    const reply = await postJson("/page/for-you", body);
    return reply.ok ? (await reply.json()).papers : null;
  } catch {
    return null;
  }
};

/** Build the line that says which stars a paper is near to, with the button that dismisses it.
 * @param {import("./page.js").Page} page
 * @param {{ id: string, title: string, near: PaperView[] }} paper
 * @param {() => void} changed
 */
export const whyLine = (page, paper, changed) => {
  const leave = () => {
    dismiss(paper.id);
    changed();
  };
  const links = paper.near.map((one) => paperLink(page, one.id, one.title));
  return h(
    "div",
    { class: "whyline quiet" },
    h("span", {}, say("near_stars"), " ", ...links.flatMap((link, at) => (at ? [", ", link] : [link]))),
    iconButton("close", `${say("dismiss")}: ${paper.title}`, leave),
  );
};
