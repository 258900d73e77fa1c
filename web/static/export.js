/** What a reader takes along: an answer or a chat as text, on the clipboard or as a file. */
import { answersOf, chats } from "./chat_store.js";
import { h } from "./dom.js";

/** Return an answer with the addresses of its sources.
 * @param {Answer} answer
 */
export const answerText = (answer) => {
  const sources = answer.citations.map((citation) => `[${citation.n}] ${citation.title} — ${citation.url}`);
  return `${answer.text}\n\n${sources.join("\n")}`.trim();
};

/** Return a chat as Markdown, each question with its answer and the addresses of its sources.
 * @param {Chat} chat
 * @param {Map<string, { answer: Answer | null }>} answers
 */
export const chatText = (chat, answers) => {
  const turns = [...chat.turns].sort((a, b) => a.asked - b.asked);
  const text = (turn) => {
    const answer = answers.get(turn.id)?.answer;
    return answer ? answerText(answer) : "";
  };
  return [`# ${chat.title}`, "", ...turns.flatMap((turn) => [`## ${turn.q}`, "", text(turn), ""])].join("\n");
};

/** Save all chats with their answers as one file. */
export const exportAllChats = async () => {
  const all = await Promise.all(
    chats.all.map(async (chat) => {
      const answers = await answersOf(chat);
      return { ...chat, turns: chat.turns.map((turn) => ({ ...turn, ...answers.get(turn.id) })) };
    }),
  );
  download("nonmun-chats.json", JSON.stringify(all, null, 1), "application/json");
};

/** Put text on the clipboard, also where the browser offers no clipboard to scripts (plain HTTP).
 * @param {string} text
 */
export const copyText = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = h("textarea", { class: "sr" });
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
};

/** Name a file by what was asked, and the day.
 * @param {string} asked
 * @param {string} ending
 */
export const fileName = (asked, ending) => {
  const words = asked
    .replace(/[^\p{L}\p{N}.+-]+/gu, " ")
    .trim()
    .slice(0, 60)
    .trim();
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  return `${[words || "nonmun", day].join(" ").replace(/ /g, "-")}.${ending}`;
};

/** Have the browser save a text as a file.
 * @param {string} name
 * @param {string | Blob} text
 * @param {string} [type]
 */
export const download = (name, text, type = "text/plain") => {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const anchor = h("a", { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};
