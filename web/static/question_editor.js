/** Editing a question that has been asked, in its place. */
import { h } from "./dom.js";
import { say } from "./strings.js";

/** Tell whether a key ends a question. Enter that ends a Hangul syllable does not.
 * @param {KeyboardEvent} event
 */
export const endsQuestion = (event) =>
  event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;

/** Put a form with the question into its place.
 * @param {HTMLElement} place
 * @param {string} question
 * @param {{ ask: (question: string) => void, cancel: () => void }} actions
 */
export const openQuestionEditor = (place, question, { ask, cancel }) => {
  const box = h("textarea", { rows: "2", maxlength: "2000", "aria-label": say("edit") });
  const submit = (event) => {
    event.preventDefault();
    const changed = box.value.trim();
    if (changed) ask(changed);
  };
  box.value = question;
  box.addEventListener("keydown", (event) => {
    if (endsQuestion(event)) submit(event);
    if (event.key !== "Escape") return;
    event.stopPropagation();
    cancel();
  });
  const buttons = h(
    "div",
    { class: "setbar" },
    h("span", { class: "room" }),
    h("button", { type: "button", class: "small", onclick: cancel }, say("cancel")),
    h("button", { class: "small primary" }, say("save")),
  );
  place.replaceChildren(h("form", { class: "editform", onsubmit: submit }, box, buttons));
  box.focus();
};
