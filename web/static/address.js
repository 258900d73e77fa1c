/** Addresses. One names a chat and a turn of this browser, and holds the questions that lead there, for any other browser. */
import { plain } from "./dom.js";
import { filtersIntoLink } from "./filters.js";
import { settings } from "./storage.js";

const LONGEST = 6_000; // characters of an address that any server takes
const LONGEST_PLAN = 4_000;
const LONGEST_QUESTION = 2_000;

/** Write a plan without the parts that it does not use.
 * @param {Plan | null | undefined} plan
 */
const shortPlan = (plan) => {
  if (!plan) return "";
  const used = Object.entries(plan).filter(([, value]) => (Array.isArray(value) ? value.length : value || value === 0));
  const text = JSON.stringify(Object.fromEntries(used));
  return text.length < LONGEST_PLAN ? text : "";
};

/** Write the questions that lead to a turn. Earlier ones are written with the plans they were answered by.
 * @param {Turn[]} turns
 * @param {FilterValues} filters
 */
const searchOf = (turns, filters) => {
  const search = new URLSearchParams();
  turns.forEach((turn, at) => {
    const isLast = at === turns.length - 1;
    search.append("q", turn.q);
    const plan = shortPlan(isLast ? turn.plan : (turn.answer?.plan ?? turn.plan));
    if (plan || turns.length > 1) search.append("plan", plan);
  });
  filtersIntoLink(filters, search);
  if (settings.answer !== "auto") search.set("lang", settings.answer);
  return search;
};

/** Return the address of a turn, the last of some.
 * @param {Chat} chat
 * @param {Turn[]} turns none for a chat without a question
 * @param {FilterValues} filters those of the page, for an address without a question
 */
export const addressOf = (chat, turns, filters) => {
  let first = 0;
  let search = searchOf(turns, turns.at(-1)?.filters ?? filters);
  while (String(search).length > LONGEST && first < turns.length - 1) {
    first += 1;
    search = searchOf(turns.slice(first), turns.at(-1).filters ?? filters);
  }
  const place = turns.length ? `#/c/${chat.id}/${turns.at(-1).id}` : "";
  return `${location.origin}/${search.size ? `?${search}` : ""}${place}`;
};

/** Return the address of a paper's page.
 * @param {string} id
 */
export const paperAddress = (id) => `${location.origin}/#/p/${id}`;
export const followedAddress = () => `${location.origin}/#/followed`;

/** Return the address of the news of a followed question.
 * @param {string} name
 */
export const newsAddress = (name) => `${followedAddress()}/${encodeURIComponent(name)}`;
export const savedAddress = () => `${location.origin}/#/saved`;

/** Read the plan of one question; null where the address was cut.
 * @param {string} text
 * @returns {Plan | null}
 */
const readPlan = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Decode a part of an address; one that was cut in the middle of a letter stays as it is.
 * @param {string} part
 */
const decoded = (part) => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** Read what the address of the page names.
 * @returns {{ paper?: string, saved?: boolean, followed?: string, chat?: string, turn?: string, questions: { q: string, plan: Plan | null }[] }}
 */
export const readAddress = () => {
  const search = new URLSearchParams(location.search);
  const language = search.get("lang");
  if (language === "ko" || language === "en") settings.answer = language;
  const plans = search.getAll("plan");
  const questions = search
    .getAll("q")
    .map((q, at) => ({ q: plain(q).trim().slice(0, LONGEST_QUESTION), plan: readPlan(plans[at] ?? "") }))
    .filter(({ q }) => q);
  const [, kind, first, ...rest] = location.hash.split("/").map(decoded);
  if (kind === "p" && first) return { paper: [first, ...rest].join("/"), questions: [] };
  if (kind === "followed") return { followed: first ?? "", questions: [] };
  if (kind === "saved") return { saved: true, questions: [] };
  return { chat: kind === "c" ? first : undefined, turn: rest[0], questions };
};
