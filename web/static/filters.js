/** The filters that a reader sets by hand: seen when on, and part of the link. */
import { h, icon } from "./dom.js";
import { saveSettings, settings } from "./storage.js";
import { say } from "./strings.js";

const NONE = { start: "", end: "", author: "", votes: "", summary: "" };
const NAMES = { start: "from", end: "to", author: "author", votes: "votes", summary: "summary" }; // in a link

/** Read the filters of a link; what makes no sense there is left out. */
export const filtersOf = (search) => {
  const of = (name, fits) => { const value = search.get(NAMES[name]) ?? ""; return fits.test(value) ? value.slice(0, 200) : ""; };
  const day = /^\d{4}-\d\d-\d\d$/;
  return { start: of("start", day), end: of("end", day), author: of("author", /./), votes: of("votes", /^\d{1,6}$/), summary: of("summary", /^(ko|en)$/) };
};

export const intoLink = (filters, search) => {
  for (const [name, word] of Object.entries(NAMES)) if (filters[name]) search.set(word, filters[name]);
};

/** The filters as they are sent with a question. */
export const asSent = ({ start, end, author, votes, summary }) =>
  ({ start: start || null, end: end || null, author: author || "", votes: votes ? Number(votes) : null, summary: summary || null });

/** What is left of the filters once a plan was changed by its chips. */
export const keptBy = (plan, filters) => {
  const kept = { ...filters };
  if (!plan.date_from && !plan.date_to) Object.assign(kept, { start: "", end: "" });
  if (!(plan.authors ?? []).length) kept.author = "";
  if ((plan.min_votes ?? null) === null) kept.votes = "";
  if (!plan.summary) kept.summary = "";
  return kept;
};

export class FilterBox {
  constructor(page, values) {
    Object.assign(this, { page, values });
    this.button = h("button", { type: "button", class: "small filterbutton", id: "filters", "aria-expanded": "false", onclick: () => this.toggle() });
    this.panel = h("div", { class: "filterpanel", hidden: true });
    this.chips = h("div", { class: "chips active" });
    this.paint();
  }

  get open() { return !this.panel.hidden; }

  toggle() {
    this.panel.hidden = this.open;
    this.button.setAttribute("aria-expanded", String(this.open));
    if (this.open) { this.paint(); this.panel.querySelector("input").focus(); }
  }

  set(values) {
    Object.assign(this.values, values);
    this.paint();
    this.page.address();
  }

  labels() {
    const { values } = this;
    return [["start", `${say("from")} ${values.start}`], ["end", `${say("to")} ${values.end}`], ["author", `${say("author")} ${values.author}`],
      ["votes", say("votes", { n: `${values.votes}+` })], ["summary", say(`summary_${values.summary}`)]].filter(([name]) => values[name]);
  }

  paint() {
    const on = this.labels();
    this.button.replaceChildren(icon("filter"), on.length ? say("filters_on", { n: on.length }) : say("filters"));
    this.button.classList.toggle("on", on.length > 0);
    this.chips.replaceChildren(...on.map(([name, label]) => h("span", { class: "chip" }, h("span", {}, label),
      h("button", { type: "button", class: "x", "aria-label": say("remove", { label }), onclick: () => { this.set({ [name]: "" }); this.page.box.focus(); } }, icon("close")))));
    if (this.open && !this.panel.contains(document.activeElement)) this.fill();
  }

  fill() {
    const { first, last } = this.page.state ?? {};
    const field = (name, word, type, more = {}) => h("label", {}, h("span", {}, say(word)), h("input", { type, value: this.values[name], onchange: (event) => this.set({ [name]: event.target.value.trim() }), ...more }));
    const choice = (word, value, options, changed) => {
      const box = h("select", { onchange: () => changed(box.value) }, options.map(([one, label]) => h("option", { value: one, selected: one === value }, say(label))));
      return h("label", {}, h("span", {}, say(word)), box);
    };
    this.panel.replaceChildren(field("start", "from", "date", { min: first, max: last }), field("end", "to", "date", { min: first, max: last }),
      field("author", "author", "text", { maxlength: "200" }), field("votes", "min_votes", "number", { min: "0" }),
      choice("summary_language", this.values.summary, [["", "summary_any"], ["ko", "summary_ko"], ["en", "summary_en"]], (summary) => this.set({ summary })),
      choice("answer_language", settings.answer, [["auto", "auto_question"], ["ko", "korean"], ["en", "english"]], (answer) => { settings.answer = answer; saveSettings(); this.page.address(); }),
      h("div", { class: "setbar" }, h("button", { type: "button", class: "small", onclick: () => { this.button.focus(); this.toggle(); this.set(NONE); } }, say("reset")),
        h("span", { class: "room" }), h("button", { type: "button", class: "small primary", onclick: () => { this.toggle(); this.page.box.focus(); } }, say("apply"))));
  }
}
