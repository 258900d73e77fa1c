/** The filters that a reader sets by hand. Those that are on are shown, and are part of the link. */
import { h, icon } from "./dom.js";
import { saveSettings, settings } from "./storage.js";
import { say } from "./strings.js";

const NONE = { start: "", end: "", author: "", votes: "", summary: "" };
const NAMES = { start: "from", end: "to", author: "author", votes: "votes", summary: "summary" }; // in a link
const SUMMARIES = [
  ["", "summary_any"],
  ["ko", "summary_ko"],
  ["en", "summary_en"],
];
const ANSWERS = [
  ["auto", "auto_question"],
  ["ko", "korean"],
  ["en", "english"],
];

/** Read the filters of a link. Values that make no sense are left out.
 * @param {URLSearchParams} search
 * @returns {FilterValues}
 */
export const filtersOfLink = (search) => {
  const of = (name, fits) => {
    const value = search.get(NAMES[name]) ?? "";
    return fits.test(value) ? value.slice(0, 200) : "";
  };
  const day = /^\d{4}-\d\d-\d\d$/;
  return {
    start: of("start", day),
    end: of("end", day),
    author: of("author", /./),
    votes: of("votes", /^\d{1,6}$/),
    summary: of("summary", /^(ko|en)$/),
  };
};

/** Write filters into a link.
 * @param {FilterValues} filters
 * @param {URLSearchParams} search
 */
export const filtersIntoLink = (filters, search) => {
  for (const [name, word] of Object.entries(NAMES)) if (filters[name]) search.set(word, filters[name]);
};

/** Return filters as they are sent with a question.
 * @param {FilterValues} filters
 */
export const filtersToSend = ({ start, end, author, votes, summary }) => ({
  start: start || null,
  end: end || null,
  author: author || "",
  votes: votes ? Number(votes) : null,
  summary: summary || null,
});

/** Return the filters that a changed plan still holds.
 * @param {Plan} plan
 * @param {FilterValues} filters
 * @returns {FilterValues}
 */
export const filtersWithin = (plan, filters) => {
  const kept = { ...filters };
  if (!plan.date_from && !plan.date_to) Object.assign(kept, { start: "", end: "" });
  if (!(plan.authors ?? []).length) kept.author = "";
  if ((plan.min_votes ?? null) === null) kept.votes = "";
  if (!plan.summary) kept.summary = "";
  return kept;
};

export class FilterBox {
  /**
   * @param {import("./page.js").Page} page
   * @param {FilterValues} values
   */
  constructor(page, values) {
    this.page = page;
    this.values = values;
    /** @type {HTMLElement} */
    this.warning = null;
    this.button = h("button", {
      type: "button",
      class: "small filterbutton",
      id: "filters",
      "aria-expanded": "false",
      onclick: () => this.toggle(),
    });
    this.panel = h("form", {
      class: "filterpanel",
      hidden: true,
      noValidate: true,
      onsubmit: (event) => this.apply(event),
    });
    document.addEventListener("pointerdown", (event) => this.leave(event));
    this.chips = h("div", { class: "chips active" });
    this.paint();
  }

  get open() {
    return !this.panel.hidden;
  }

  /** Close the panel and filter by what stands in it.
   * @param {Event} event
   */
  apply(event) {
    event.preventDefault();
    this.take();
    if (!this.open) this.page.box.focus();
  }

  /** Close the panel when the reader clicks elsewhere; what stands in it is kept.
   * @param {PointerEvent} event
   */
  leave(event) {
    const inside = [this.panel, this.button].some((part) => event.composedPath().includes(part));
    if (this.open && this.panel.isConnected && !inside) this.take();
  }

  /** Take over what stands in the panel and close it. What no paper can meet is said, and the panel stays. */
  take() {
    const fields = /** @type {HTMLInputElement[]} */ ([...this.panel.querySelectorAll("[name]")]);
    const values = Object.fromEntries(fields.map((field) => [field.name, field.value.trim()]));
    const isBackwards = values.start && values.end && values.start > values.end;
    this.warning.textContent = isBackwards ? say("backwards", { from: values.start, to: values.end }) : "";
    if (isBackwards) return;
    this.toggle();
    this.set(values);
  }

  /** Take over what stands in an open panel; return whether it is closed then. */
  settle() {
    if (this.open) this.take();
    return !this.open;
  }

  toggle() {
    this.panel.hidden = this.open;
    this.button.setAttribute("aria-expanded", String(this.open));
    if (this.open) {
      this.fill();
      this.panel.querySelector("input").focus();
    }
  }

  set(values) {
    Object.assign(this.values, values);
    this.paint();
    this.page.updateAddress();
  }

  labels() {
    const { values } = this;
    return [
      ["start", `${say("from")} ${values.start}`],
      ["end", `${say("to")} ${values.end}`],
      ["author", `${say("author")} ${values.author}`],
      ["votes", say("at_least", { n: Number(values.votes) })],
      ["summary", say(`summary_${values.summary}`)],
    ].filter(([name]) => values[name]);
  }

  paint() {
    const on = this.labels();
    this.button.replaceChildren(icon("filter"), on.length ? say("filters_on", { n: on.length }) : say("filters"));
    this.button.classList.toggle("on", on.length > 0);
    this.chips.replaceChildren(
      ...on.map(([name, label]) =>
        h(
          "span",
          { class: "chip" },
          h("span", {}, label),
          h(
            "button",
            {
              type: "button",
              class: "x",
              "aria-label": say("remove", { label }),
              onclick: () => {
                this.set({ [name]: "" });
                this.page.box.focus();
              },
            },
            icon("close"),
          ),
        ),
      ),
    );
  }

  /** Fill the panel with its inputs. */
  fill() {
    const { first, last } = this.page.state ?? {};
    this.warning = h("p", { class: "warning", role: "alert" });
    this.panel.replaceChildren(
      this.field("start", "from", { type: "date", min: first, max: last }),
      this.field("end", "to", { type: "date", min: first, max: last }),
      this.field("author", "author", { type: "text", maxlength: "200" }),
      this.field("votes", "min_votes", { type: "number", min: "0" }),
      select("summary_language", this.values.summary, SUMMARIES, { name: "summary" }),
      select("answer_language", settings.answer, ANSWERS, {
        onchange: (event) => this.chooseAnswers(event.target.value),
      }),
      this.warning,
      this.buttons(),
    );
  }

  /** Build the input of one filter.
   * @param {keyof FilterValues} name
   * @param {string} word
   * @param {Record<string, any>} properties
   */
  field(name, word, properties) {
    const input = h("input", { name, value: this.values[name], ...properties });
    return h("label", {}, h("span", {}, say(word)), input);
  }

  /** @param {string} answer the language to answer in */
  chooseAnswers(answer) {
    settings.answer = answer;
    saveSettings();
    this.page.updateAddress();
  }

  /** Build the buttons that clear all filters and close the panel. */
  buttons() {
    const clear = () => {
      this.button.focus();
      this.toggle();
      this.set(NONE);
    };
    return h(
      "div",
      { class: "setbar" },
      h("button", { type: "button", class: "small", onclick: clear }, say("reset")),
      h("span", { class: "room" }),
      h("button", { class: "small primary" }, say("apply")),
    );
  }
}

/** Build a choice with its label.
 * @param {string} word
 * @param {string} value
 * @param {string[][]} options value and word each
 * @param {Record<string, any>} properties
 */
const select = (word, value, options, properties) => {
  const choices = options.map(([one, label]) => h("option", { value: one, selected: one === value }, say(label)));
  return h("label", {}, h("span", {}, say(word)), h("select", properties, choices));
};
