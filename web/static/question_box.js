/** The question box: it grows with what is typed, and keeps what was not sent. */
import { h } from "./dom.js";
import { endsQuestion } from "./question_editor.js";
import { draftOf, saveDraft } from "./storage.js";
import { say } from "./strings.js";

const TALLEST = 200; // pixels

export class QuestionBox {
  /**
   * @param {import("./page.js").Page} page
   * @param {string} text what a reader has typed already
   */
  constructor(page, text) {
    this.page = page;
    const typed = () => {
      this.grow();
      this.keep();
    };
    const pressed = (event) => {
      if (!endsQuestion(event)) return;
      event.preventDefault();
      this.submit();
    };
    this.el = h("textarea", {
      rows: "1",
      maxlength: "2000",
      placeholder: say(matchMedia("(max-width: 859px)").matches ? "placeholder_short" : "placeholder"),
      "aria-label": say("question"),
      "data-testid": "textbox",
      enterkeyhint: "send",
      dir: "auto",
      oninput: typed,
      onkeydown: pressed,
    });
    this.el.value = text;
  }

  get text() {
    return this.el.value;
  }

  /** @param {boolean} can whether a question can be typed */
  enable(can) {
    this.el.disabled = !can;
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    this.el.focus(options);
  }

  /** Have the reader type, unless a keyboard would come up and cover half of the page. */
  invite() {
    if (matchMedia("(pointer: fine)").matches) this.focus();
  }

  grow() {
    this.el.style.height = "auto";
    this.el.style.height = `${Math.min(this.el.scrollHeight, TALLEST)}px`;
  }

  /** Keep what stands in the box until it is sent. */
  keep() {
    saveDraft(this.page.chat.id, this.text);
  }

  /** Show what was typed into this chat and not sent. */
  showDraft() {
    this.el.value = draftOf(this.page.chat.id);
    this.grow();
  }

  /** Take over what was typed before the page knew which chat it is for.
   * @param {string} text
   */
  take(text) {
    if (text !== this.text) this.el.value = text; // else the caret would move
    this.grow();
    this.keep();
  }

  submit() {
    const { page } = this;
    const q = this.text.trim();
    if (!q || page.conversation.running || !page.filterBox.settle()) return;
    this.el.value = "";
    this.keep();
    this.grow();
    page.conversation.ask({ q });
  }
}
