/** What stays in this browser: settings and chats. Nothing of it is sent anywhere but the questions themselves. */

const CHATS = "nonmun.chats.1";
const SETTINGS = "nonmun.settings.1";
const MOST = 60; // chats kept; the oldest go first

const read = (key, otherwise) => {
  try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; }
};
const write = (key, value) => {
  try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; }
};
const made = () => (crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2)).replace(/-/g, "").slice(0, 16);

export const settings = { ui: "auto", answer: "auto", engine: "auto", theme: "system", pictures: false, person: "", ...read(SETTINGS, {}) };
if (!settings.person) settings.person = made();
export const saveSettings = () => write(SETTINGS, settings);
saveSettings();

export const chats = { all: read(CHATS, []) };
if (!Array.isArray(chats.all)) chats.all = [];

/** Write the chats down; where the browser's room ends, the oldest are let go. */
export const saveChats = () => {
  chats.all.sort((a, b) => b.at - a.at);
  chats.all = chats.all.slice(0, MOST);
  while (!write(CHATS, chats.all) && chats.all.length > 1) chats.all.pop();
};

export const newChat = () => ({ id: made(), title: "", at: Date.now(), turns: [] });

/** What of a turn is kept: the question and its plan; the text too where a model wrote it, for that cannot be made again. */
export const keepTurn = ({ q, plan, filters, answer }) => ({
  q, plan: plan ?? null, filters: filters ?? null,
  answer: answer && answer.engine !== "offline" ? { ...answer, citations: answer.citations.map((card) => ({ ...card, summary: card.summary.filter((b) => b.quoted) })) } : null,
});

export const chatText = (chat, answers) => [
  `# ${chat.title}`, "",
  ...chat.turns.flatMap((turn, at) => [`## ${turn.q}`, "", answers?.[at] ?? "", ""]),
].join("\n");
