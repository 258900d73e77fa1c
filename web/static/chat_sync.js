/** Chats that the server keeps for a reader who signed in. This browser holds a copy, so that nothing waits and nothing is lost
 * while the server is away: what changed is sent, and sent again until it has arrived. */
import { readUnder, removeUnder, update, useDatabase } from "./database.js";
import { getJson, postJson } from "./server.js";
import { readLocal, useDraftsOf, writeLocal } from "./storage.js";

export const isOnServer = Boolean(document.querySelector('meta[name="nonmun-chats"]'));

let reader = "";
let sending = false;

const VERSION = () => `nonmun.version.${reader}`;
const UNSENT = () => `nonmun.unsent.${reader}`;

/** @returns {string[]} what is still to be sent: CHAT, CHAT/TURN, or -CHAT for one that was deleted */
const unsent = () => readLocal(UNSENT(), []);

export const hasReader = () => Boolean(reader);

/** Note whose chats these are: the database of this browser is theirs alone.
 * @param {string | undefined} key
 * @returns {boolean} whether it is somebody else than before
 */
export const setReader = (key) => {
  if (!isOnServer || !key || key === reader) return false;
  reader = key;
  useDatabase(`nonmun-${key}`);
  useDraftsOf(key);
  return true;
};

/** Put the turns of two copies of a chat together.
 * @param {Chat | undefined} here
 * @param {Chat} there
 * @returns {Chat}
 */
const merged = (here, there) => {
  const turns = new Map([...(here?.turns ?? []), ...there.turns].map((turn) => [turn.id, turn]));
  return { ...here, ...there, at: Math.max(here?.at ?? 0, there.at), turns: [...turns.values()] };
};

/** Take over what another browser has changed. Tells whether anything was. */
export const pull = async () => {
  if (!reader) return false;
  const found = await getJson(`/page/chats?since=${readLocal(VERSION(), 0)}`);
  if (!found) return false;
  for (const [id, body] of found.chats) {
    if (body) await update("chats", id, (here) => merged(here, { ...body, id }));
    else {
      await update("chats", id, () => undefined);
      await removeUnder(["answers"], `${id}/`);
    }
  }
  writeLocal(VERSION(), found.version);
  return found.chats.length > 0;
};

/** Return the answers of a chat that another browser has asked, and keep them here.
 * @param {string} chat
 * @returns {Promise<Map<string, any>>}
 */
export const fetchAnswers = async (chat) => {
  const found = Object.entries((reader && (await getJson(`/page/chats/${chat}`))) || {});
  for (const [turn, answer] of found) await update("answers", `${chat}/${turn}`, (here) => here ?? answer);
  return new Map(found);
};

/** Send what is still to be sent, one chat after the other. */
export const flush = async () => {
  if (!reader || sending) return;
  sending = true;
  try {
    for (let left = unsent(); left.length; left = unsent()) {
      const id = left[0].replace(/^-|\/.*/g, "");
      const ours = left.filter((one) => one.replace(/^-|\/.*/g, "") === id);
      if (!(await send(id, ours))) return;
      writeLocal(
        UNSENT(),
        unsent().filter((one) => !ours.includes(one)),
      );
    }
  } finally {
    sending = false;
  }
};

/** Send one chat. False where the server cannot be reached now.
 * @param {string} id
 * @param {string[]} ours what of it is to be sent
 */
const send = async (id, ours) => {
  try {
    if (ours.includes(`-${id}`)) return (await fetch(`/page/chats/${id}`, { method: "DELETE" })).status < 500;
    const chat = (await readUnder("chats", id)).get("");
    if (!chat) return true;
    const kept = await readUnder("answers", `${id}/`);
    const wanted = [...kept].filter(([turn]) => ours.includes(`${id}/${turn}`));
    for (const part of wanted.length ? wanted : [null]) {
      const answers = part ? Object.fromEntries([part]) : {}; // one at a time: a request may not be large
      const { status } = await postJson(`/page/chats/${id}`, { ...chat, answers });
      if (status >= 500 || status === 429 || status === 401) return false;
    }
    return true;
  } catch {
    return false;
  }
};

/** Note that a chat has changed, and send it.
 * @param {string} id
 * @param {string[]} [turns] whose answers have changed
 */
export const changed = (id, turns = []) => {
  if (!reader) return;
  writeLocal(UNSENT(), [...new Set([...unsent(), id, ...turns.map((turn) => `${id}/${turn}`)])]);
  flush();
};

/** Note that a chat was deleted, and tell the server.
 * @param {string} id
 */
export const deleted = (id) => {
  if (!reader) return;
  writeLocal(UNSENT(), [...unsent().filter((one) => one !== id && !one.startsWith(`${id}/`)), `-${id}`]);
  flush();
};
