/** Settings and chats, kept in this browser. Of these only the questions are sent, when they are asked. */

const CHATS = "nonmun.chats.1";
const SETTINGS = "nonmun.settings.1";
const MOST = 60; // chats that are kept; the oldest are removed first

const read = (key, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
};
const write = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
};
const newId = () =>
  (crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2)).replace(/-/g, "").slice(0, 16);

export const settings = {
  ui: "auto",
  answer: "auto",
  engine: "auto",
  theme: "system",
  pictures: false,
  person: "",
  ...read(SETTINGS, {}),
};
if (!settings.person) settings.person = newId();
export const saveSettings = () => write(SETTINGS, settings);
saveSettings();

/** @type {{ all: Chat[] }} */
export const chats = { all: read(CHATS, []) };
if (!Array.isArray(chats.all)) chats.all = [];

/** Save the chats. If the browser has no room left, the oldest are removed. */
export const saveChats = () => {
  chats.all.sort((a, b) => b.at - a.at);
  chats.all = chats.all.slice(0, MOST);
  while (!write(CHATS, chats.all) && chats.all.length > 1) chats.all.pop();
};

/** @returns {Chat} */
export const newChat = () => ({ id: newId(), title: "", at: Date.now(), turns: [] });

/** Return what is kept of a turn: the question and its plan, and the answer if a model wrote it, which cannot be repeated.
 * @param {Turn} turn
 * @returns {KeptTurn}
 */
export const keptTurn = ({ q, plan, filters, answer }) => ({
  q,
  plan: plan ?? null,
  filters: filters ?? null,
  answer:
    answer && (answer.engine !== "offline" || answer.reader === "llm")
      ? {
          ...answer,
          citations: answer.citations.map((card) => ({ ...card, summary: card.summary.filter((b) => b.quoted) })),
        }
      : null,
});
