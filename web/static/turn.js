/** One turn of a conversation: the question, its answer or what went wrong, and questions to ask next. */
import { answerBody } from "./answer_body.js";
import { answerFooter } from "./answer_footer.js";
import { chipRow, relaxButtons } from "./chips.js";
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

/** Build the question; the last one can be edited.
 * @param {Turn} turn
 * @param {Page} page
 */
const questionPart = (turn, page) => {
  const bubble = h("div", { class: "bubble", dir: "auto", "data-testid": "user" }, plain(turn.q));
  const place = h("div", { class: "asked" }, bubble);
  if (turn.last && !turn.running) {
    const edit = iconButton("edit", say("edit"), () => page.conversation.edit(turn, place));
    place.append(h("div", { class: "askedtools" }, edit));
  }
  return place;
};

/** Build an answer that is complete, or what a model has written of it.
 * @param {Turn} turn
 * @param {Page} page
 */
const answerParts = (turn, page) => {
  const { answer } = turn;
  /** @type {(Node | null)[]} */
  const parts = [chipRow(turn, page)];
  if (turn.running) {
    turn.prose = turn.text
      ? h("div", { class: "prose writing", lang: answer.language, html: turn.text })
      : waiting("writing");
    parts.push(turn.prose);
  } else parts.push(...answerBody(turn, page));
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
  if (!turn.last || turn.running || !turn.next?.length) return [];
  const buttons = turn.next.map((q) =>
    h("button", { type: "button", class: "offer", onclick: () => page.conversation.ask({ q }) }, q),
  );
  return [h("div", { class: "next" }, buttons)];
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
