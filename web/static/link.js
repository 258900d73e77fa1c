/** The link of the page: it holds the last question, its plan and the filters, so that it opens the same answer elsewhere. */
import { plain } from "./dom.js";
import { filtersIntoLink } from "./filters.js";
import { settings } from "./storage.js";

const LONGEST_PLAN = 1_500; // characters of a plan that still fit a link

/** Return the link that asks a turn's question.
 * @param {Turn | undefined} turn
 * @param {FilterValues} filters those of the page, for a link without a question
 */
export const linkOf = (turn, filters) => {
  const search = new URLSearchParams();
  if (turn) search.set("q", turn.q);
  const plan = turn?.plan ? JSON.stringify(turn.plan) : "";
  if (plan && plan.length < LONGEST_PLAN) search.set("plan", plan);
  filtersIntoLink(turn?.filters ?? filters, search);
  if (settings.answer !== "auto") search.set("lang", settings.answer);
  return `${location.origin}${location.pathname}${search.size ? `?${search}` : ""}`;
};

/** Read the question and the plan of the link that opened the page; an empty question where there is none. */
export const readLink = () => {
  const search = new URLSearchParams(location.search);
  const language = search.get("lang");
  if (language === "ko" || language === "en") settings.answer = language;
  let plan = null;
  try {
    plan = JSON.parse(search.get("plan"));
  } catch {
    // the link was cut: the question alone is asked
  }
  return {
    q: plain(search.get("q") ?? "")
      .trim()
      .slice(0, 2000),
    plan,
  };
};
