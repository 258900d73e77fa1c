/** One turn of a conversation: the question, its answer or what went wrong, and questions to ask next. */
import { answerBody } from "./answer_body.js";
import { orderChoice } from "./answer_dress.js";
import { answerFooter } from "./answer_footer.js";
import { versionsOf } from "./branches.js";
import { askedOf, chipRow, relaxButtons } from "./chips.js";
import { h, icon, iconButton, plain } from "./dom.js";
import { say } from "./strings.js";

/** @typedef {import("./page.js").Page} Page */

const waiting = (word) => h("p", { class: "wait" }, h("span", { class: "pulse" }), say(word));

/** Build a notice with a warning sign.
 * @param {string} text
 * @param {...Node} rest
 */
const notice = (text, ...rest) => h("p", { class: "notice" }, icon("warn"), h("span", {}, text), ...rest);

/** @param {Turn} turn @param {Page} page */
const retryButton = (turn, page) =>
  h("button", { type: "button", class: "small", onclick: () => page.conversation.run(turn) }, say("retry"));

/** Build the switch between the versions of a question; nothing for a question with one version.
 * @param {Turn} turn
 * @param {Page} page
 */
const versionSwitch = (turn, page) => {
  const versions = versionsOf(page.chat.turns, turn);
  const at = versions.findIndex((one) => one.id === turn.id);
  if (versions.length < 2 || at < 0) return null;
  const step = (sign, word, by) =>
    iconButton(sign, say(word), () => page.openTurn(versions[at + by].id), { disabled: !versions[at + by] });
  const count = h("span", { class: "quiet" }, say("version", { n: at + 1, m: versions.length }));
  return h(
    "div",
    { class: "versions", role: "group" },
    step("left", "version_before", -1),
    count,
    step("right", "version_after", 1),
  );
};

/** Show the versions of a question as they are now: another tab may have added one.
 * @param {Turn} turn
 * @param {Page} page
 */
export const paintVersions = (turn, page) => {
  const bubble = turn.el.querySelector(".asked .bubble");
  if (!bubble || turn.running) return;
  const before = turn.el.querySelector(".versions");
  const now = versionSwitch(turn, page);
  if (before?.textContent === now?.textContent) return;
  before?.remove();
  if (now) bubble.parentElement.append(now);
};

/** Build the question, which can be edited. Where its plan was edited, the plan's own words stand in its place.
 * @param {Turn} turn
 * @param {Page} page
 */
const questionPart = (turn, page) => {
  const asked = plain(turn.q);
  const isEdited = turn.edited && turn.plan && turn.answer;
  const words = isEdited ? [plain(askedOf(turn.answer)), " ", h("span", { class: "edited" }, say("edited"))] : [asked];
  const title = isEdited ? say("asked_first", { q: asked }) : undefined;
  const bubble = h("div", { class: "bubble", dir: "auto", "data-testid": "user", title }, words);
  const place = h("div", { class: "asked" }, bubble);
  if (!turn.running) {
    const edit = iconButton("edit", say("edit"), () => page.conversation.edit(turn, place));
    place.append(h("div", { class: "askedtools" }, edit), ...[versionSwitch(turn, page)].filter(Boolean));
  }
  return place;
};

/** Build what a model has written so far.
 * @param {Turn} turn
 */
const writing = (turn) => {
  turn.prose = turn.text
    ? h("div", { class: "prose writing", lang: turn.answer.language, html: turn.text })
    : waiting("writing");
  return turn.prose;
};

/** Build an answer that is complete, or what a model has written of it.
 * @param {Turn} turn
 * @param {Page} page
 */
const answerParts = (turn, page) => {
  const { answer } = turn;
  const { tabs, body } = turn.running ? { tabs: null, body: writing(turn) } : answerBody(turn, page);
  const order = turn.running ? null : orderChoice(turn, page);
  /** @type {(Node | null)[]} */
  const parts = [h("div", { class: "answerhead" }, chipRow(turn, page, order ? "by" : ""), order, tabs), body];
  const notices = [...answer.notices];
  if (answer.busy) notices.push(say("model_busy"));
  if (turn.stopped) notices.push(say("stopped"));
  parts.push(...notices.map((text) => notice(text)));
  if (!turn.running) parts.push(relaxButtons(turn, page), ...answerFooter(turn, page));
  return parts;
};

/** Build the message of a turn that failed.
 * @param {Turn} turn
 * @param {Page} page
 */
const errorPart = (turn, page) => {
  const { code, kind, message } = turn.error;
  const unreachable = () => [`${say("state_unreachable")}. ${say(`store_${kind}`)}`, h("small", {}, message)];
  const words = code === "store" ? unreachable() : say(`error_${code}`);
  return h("div", { class: "problem", role: "alert" }, icon("warn"), h("span", {}, words), retryButton(turn, page));
};

/** @param {Turn} turn @param {Page} page */
const replyParts = (turn, page) => {
  if (turn.answer) return answerParts(turn, page);
  if (turn.error) return [errorPart(turn, page)];
  if (turn.stopped) return [notice(say("stopped"), retryButton(turn, page))];
  return [waiting("thinking")];
};

/** Build the questions to ask next; nothing below an earlier turn.
 * @param {Turn} turn
 * @param {Page} page
 */
const nextQuestions = (turn, page) => {
  const hasExamples = turn.answer?.kind === "help"; // its text offers questions itself
  if (!turn.last || turn.running || !turn.next?.length || hasExamples) return [];
  const buttons = turn.next.map((q) =>
    h("button", { type: "button", class: "offer", onclick: () => page.conversation.ask({ q }) }, q),
  );
  return [h("div", { class: "next" }, buttons)];
};

/** Paint the questions to ask next, and nothing else: the reader may be typing into a form of the turn.
 * @param {Turn} turn
 * @param {Page} page
 */
export const paintNext = (turn, page) => {
  for (const old of turn.el.querySelectorAll(":scope > .next")) old.remove();
  turn.el.append(...nextQuestions(turn, page));
};

/** Paint a turn anew into its place.
 * @param {Turn} turn
 * @param {Page} page
 */
export const paintTurn = (turn, page) => {
  const found = !turn.answer || turn.answer.status === "answered";
  const reply = h("div", { class: `reply ${found ? "" : "none"}`, "data-testid": "bot" }, replyParts(turn, page));
  turn.el.replaceChildren(questionPart(turn, page), reply, ...nextQuestions(turn, page));
};
