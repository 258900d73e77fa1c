/** The chats of this browser. All its tabs read and write the same ones and tell each other what has changed. */
import { changed as sendChange, deleted as sendDeletion, fetchAnswers, flush, isOnServer, pull } from "./chat_sync.js";
import { plain } from "./dom.js";
import { readAll, readUnder, removeUnder, update } from "./database.js";
import { newId, readLocal } from "./storage.js";

const BEFORE = "nonmun.chats.1"; // where an earlier version kept up to sixty chats
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("nonmun") : null;

/** @type {{ all: Chat[], full: boolean }} */
export const chats = { all: [], full: false };

/** @type {Set<() => void>} */
const watchers = new Set();

/** Have a function called when the list of chats changes here or in another tab.
 * @param {() => void} changed
 */
export const watchChats = (changed) => watchers.add(changed);

const order = () => chats.all.sort((a, b) => Number(b.pinned ?? false) - Number(a.pinned ?? false) || b.at - a.at);

const changed = () => {
  order();
  for (const watcher of watchers) watcher();
};

/** @returns {Chat} */
export const newChat = (id = newId()) => ({ id, title: "", at: Date.now(), turns: [] });

/** Find a chat.
 * @param {string} id
 */
export const findChat = (id) => chats.all.find((chat) => chat.id === id);

/** Do something with the database. Where the browser keeps nothing (more), the page says so.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>}
 */
const guarded = async (work) => {
  try {
    const result = await work();
    if (chats.full) {
      chats.full = false;
      changed();
    }
    return result;
  } catch {
    chats.full = true;
    changed();
    return undefined;
  }
};

/** Read the chats. Those of an earlier version are taken over once. */
export const loadChats = async () => {
  const stored = await guarded(() => readAll("chats"));
  const here = new Set(chats.all.map((chat) => chat.id));
  chats.all.push(...(stored ?? []).filter((chat) => !here.has(chat.id)));
  const old = readLocal(BEFORE, []);
  if (Array.isArray(old) && old.length) {
    for (const chat of old.filter((one) => !findChat(one.id))) await takeOver(chat);
    if (!chats.full) localStorage.removeItem(BEFORE);
  }
  changed();
};

/** Take over a chat of an earlier version.
 * @param {any} old
 */
const takeOver = async ({ turns, ...chat }) => {
  const taken = { ...chat, turns: [] };
  chats.all.push(taken);
  for (const { answer, ...turn } of turns) {
    const kept = { ...turn, id: newId(), before: taken.turns.at(-1)?.id ?? null, asked: chat.at + taken.turns.length };
    await keepTurn(taken, { ...kept, answer }, chat.at);
  }
};

/** Change a chat here, and in the database from what another tab may have written meanwhile. What is shown is safe.
 * @param {Chat} chat
 * @param {(chat: Chat) => void} change
 * @param {{ store: string, key: string, value: any }[]} [also]
 */
export const changeChat = async (chat, change, also = []) => {
  change(chat);
  if (!chats.all.includes(chat)) chats.all.push(chat);
  const stored = await guarded(() =>
    update(
      "chats",
      chat.id,
      (found) => {
        const next = found ?? structuredClone(chat);
        change(next);
        return next;
      },
      also,
    ),
  );
  if (!stored) return;
  Object.assign(chat, stored);
  channel?.postMessage({ chat: chat.id });
  sendChange(chat.id, also.map((one) => one.key.split("/")[1])); // prettier-ignore
  changed();
};

/** Keep a turn and its answer; a turn that is being answered is kept without one.
 * @param {Chat} chat
 * @param {Partial<Turn> & KeptTurn} turn
 * @param {number} [at] when the reader did it; opening a chat is not
 */
export const keepTurn = (chat, turn, at = undefined) => {
  const { id, before, asked, q, plan, filters, stopped, edited, verdict } = turn;
  const kept = { id, before, asked, q, plan, filters, stopped, edited, verdict };
  const answer = { answer: turn.answer ?? null, next: turn.next ?? null };
  return changeChat(
    chat,
    (one) => {
      const place = one.turns.findIndex((other) => other.id === id);
      if (place < 0) one.turns.push({ ...kept });
      else one.turns[place] = { ...kept };
      if (at) one.at = Math.max(one.at, at);
      if (!one.named && !before) one.title = plain(q).slice(0, 80);
    },
    turn.running ? [] : [{ store: "answers", key: `${chat.id}/${id}`, value: answer }],
  );
};

/** Return the answers of a chat by their turns.
 * @param {Chat} chat
 * @returns {Promise<Map<string, { answer: Answer | null, next: string[] | null }>>}
 */
export const answersOf = async (chat) => {
  const here = (await guarded(() => readUnder("answers", `${chat.id}/`))) ?? new Map();
  const isWhole = chat.turns.every((turn) => here.has(turn.id));
  return isWhole ? here : new Map([...(await fetchAnswers(chat.id)), ...here]);
};

/** Remove a chat for good.
 * @param {Chat} chat
 */
export const deleteChat = async (chat) => {
  await guarded(() => update("chats", chat.id, () => undefined));
  await guarded(() => removeUnder(["answers"], `${chat.id}/`));
  chats.all = chats.all.filter((one) => one !== chat);
  channel?.postMessage({ deleted: chat.id });
  sendDeletion(chat.id);
  changed();
};

/** Remove all chats for good. */
export const deleteAllChats = async () => {
  await guarded(() => removeUnder(["chats", "answers"], ""));
  for (const chat of chats.all) sendDeletion(chat.id);
  chats.all = [];
  channel?.postMessage({ deleted: null });
  changed();
};

/** Take over what another browser of this reader has changed, and send what it has not got yet. */
export const syncChats = async () => {
  if (!isOnServer) return;
  flush();
  if (!(await pull().catch(() => false))) return;
  const stored = (await guarded(() => readAll("chats"))) ?? [];
  const here = new Map(chats.all.map((chat) => [chat.id, chat])); // those that are shown stay the same values
  chats.all = stored.map((chat) => Object.assign(here.get(chat.id) ?? chat, chat));
  changed();
};

/** Take over what another tab has changed. */
const follow = async ({ data }) => {
  if ("deleted" in data) chats.all = data.deleted ? chats.all.filter((chat) => chat.id !== data.deleted) : [];
  if (data.chat) {
    const stored = (await guarded(() => readUnder("chats", data.chat)))?.get("");
    const here = findChat(data.chat);
    if (here && stored) Object.assign(here, stored);
    else if (stored) chats.all.push(stored);
  }
  changed();
};
channel?.addEventListener("message", follow);
