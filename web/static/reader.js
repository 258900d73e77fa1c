/** Whose chats are shown: those of this browser, or those of the reader whom the server has named. */
import { chats, loadChats, newChat, syncChats } from "./chat_store.js";
import { hasReader, isOnServer, setReader } from "./chat_sync.js";
import { loadSaved } from "./saved_store.js";

/** @typedef {import("./page.js").Page} Page */

/** Read what this browser keeps and show what the address names.
 * @param {Page} page
 */
const openKept = async (page) => {
  await Promise.all([loadChats(), loadSaved()]);
  page.arrive();
};

/** Open what is kept, unless it is the server that says whose it is.
 * @param {Page} page
 */
export const openOwn = (page) => (isOnServer ? undefined : openKept(page));

/** Open the chats of a reader whom the server has named, or take over what another browser of theirs has changed.
 * @param {Page} page
 */
export const meetReader = async (page) => {
  if (!isOnServer) return;
  const wasSomebody = hasReader();
  const isOther = setReader(page.state.reader);
  if (isOther) {
    chats.all = [];
    if (wasSomebody) page.begin(newChat()); // what somebody has left who signed out
  }
  await syncChats();
  if (isOther) await openKept(page);
};
