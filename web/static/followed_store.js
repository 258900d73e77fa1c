/** The questions that are followed on this server, with how many new papers each has to tell. */
import { getJson, postJson } from "./server.js";

/** @type {Followed[]} */
export const followed = [];

/** @type {Set<() => void>} */
const watchers = new Set();

/** Have a function called when what is followed has changed.
 * @param {() => void} changed
 */
export const watchFollowed = (changed) => watchers.add(changed);

/** Read what is followed. Where that is not offered, nothing is. */
export const loadFollowed = async () => {
  const found = await getJson("/page/followed");
  if (found) followed.splice(0, followed.length, ...found);
  for (const watcher of watchers) watcher();
};

/** Return the followed question with these words.
 * @param {string} question
 */
export const followedAs = (question) => followed.find((one) => one.question === question);

/** Send a change and read what is followed then. Returns why it failed, if it did.
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<string | null>}
 */
const change = async (path, body) => {
  try {
    const reply = await postJson(path, body);
    const failed = reply.ok ? null : ((await reply.json()).detail ?? "");
    await loadFollowed();
    return failed;
  } catch {
    return "";
  }
};

/** @param {string} question @param {Plan | null} plan */
export const follow = (question, plan) => change("/page/follow", { question, plan });

/** @param {string} name */
export const unfollow = (name) => change("/page/unfollow", { name });

/** Mark papers as seen that the page has shown.
 * @param {string} name
 * @param {string[]} papers
 */
export const markSeen = (name, papers) => change("/page/seen", { name, papers });
