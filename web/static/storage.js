/** Settings and unsent drafts, kept in this browser. */

const SETTINGS = "nonmun.settings.1";
let drafts = "nonmun.drafts.1";
const MOST_DRAFTS = 50;

export const readLocal = (key, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
};
/** @param {string} key @param {unknown} value */
export const writeLocal = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // the browser keeps nothing here: the settings hold as long as the page is open
  }
};
export const newId = () =>
  (crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2)).replace(/-/g, "").slice(0, 16);

export const settings = {
  ui: "auto",
  answer: "auto",
  engine: "auto",
  theme: "system",
  pictures: false,
  sources: true,
  person: "",
  ...readLocal(SETTINGS, {}),
};
if (!settings.person) settings.person = newId();
export const saveSettings = () => writeLocal(SETTINGS, settings);
saveSettings();

/** Keep the drafts of this reader apart from those of others.
 * @param {string} reader
 */
export const useDraftsOf = (reader) => {
  drafts = `nonmun.drafts.${reader}`;
};

/** Return what a reader typed into a chat's question box and did not send.
 * @param {string} chat id of the chat
 * @returns {string}
 */
export const draftOf = (chat) => readLocal(drafts, {})[chat] ?? "";

/** Keep what a reader has typed; nothing for an empty box.
 * @param {string} chat id of the chat
 * @param {string} text
 */
export const saveDraft = (chat, text) => {
  const kept = readLocal(drafts, {});
  delete kept[chat];
  if (text) kept[chat] = text;
  writeLocal(drafts, Object.fromEntries(Object.entries(kept).slice(-MOST_DRAFTS)));
};
