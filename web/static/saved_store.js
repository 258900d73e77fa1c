/** The papers that a reader saved, with what was read of them and a note. They stay in this browser. */
import { readAll, update } from "./database.js";

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("nonmun-saved") : null;

/** @type {Map<string, SavedPaper>} */
export const saved = new Map();

/** @type {Set<() => void>} */
const watchers = new Set();

/** Have a function called when a paper is saved or changed here or in another tab.
 * @param {() => void} changed
 */
export const watchSaved = (changed) => watchers.add(changed);

/** Read the saved papers. */
export const loadSaved = async () => {
  const stored = await readAll("saved").catch(() => []);
  saved.clear();
  for (const paper of stored.sort((a, b) => b.at - a.at)) saved.set(paper.id, paper);
  for (const watcher of watchers) watcher();
};
channel?.addEventListener("message", loadSaved);

/** Change a saved paper; undefined takes it out.
 * @param {string} id
 * @param {(paper: SavedPaper | undefined) => SavedPaper | undefined} change
 */
export const changeSaved = async (id, change) => {
  await update("saved", id, change).catch(() => undefined);
  channel?.postMessage(id);
  await loadSaved();
};

/** @type {Map<string, SavedPaper>} */
const takenOut = new Map(); // while the page is open: a second click on a star brings the note back

/** Save a paper, or take it out again.
 * @param {SavedView} paper
 */
export const toggleSaved = ({ id, url, title, date, votes, authors }) => {
  const before = saved.get(id);
  if (before) takenOut.set(id, before);
  const fresh = { id, url, title, date, votes, authors, at: Date.now(), read: false, note: "" };
  return changeSaved(id, (stored) => (before ? undefined : (stored ?? takenOut.get(id) ?? fresh)));
};
