/** The digests as a feed: a day, a week or a month of papers, a calendar, what is new since the last visit. */
import { asks, votes } from "./asks.js";
import { calendar, monthName, rangeName, rangeOf } from "./calendar.js";
import { h, iconButton, together } from "./dom.js";
import { newsLine } from "./followed_page.js";
import { isOffered, loadForYou, whyLine } from "./for_you.js";
import { withMaths } from "./maths.js";
import { star } from "./papers.js";
import { getJson } from "./server.js";
import { picture } from "./sources.js";
import { saveSettings, settings } from "./storage.js";
import { getLanguage, say } from "./strings.js";
import { newSince } from "./visits.js";

const FEW = 5; // papers that the start page shows
const SPANS = ["day", "week", "month"];

/** @typedef {import("./page.js").Page} Page */

const button = (word, isPressed, onclick) =>
  h("button", { type: "button", "aria-pressed": String(isPressed), onclick }, word);

/** Build the switch for pictures.
 * @param {() => void} changed
 * @param {Record<string, any>} [more]
 */
export const pictureSwitch = (changed, more = {}) => {
  const box = h("input", { type: "checkbox", checked: settings.pictures, role: "switch" });
  box.addEventListener("change", () => {
    settings.pictures = box.checked;
    saveSettings();
    changed();
  });
  return h("label", { class: "switch", title: say("pictures_note"), ...more }, box, h("span", {}, say("pictures")));
};

export class DigestFeed {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Digest | null} */
    this.digest = null;
    /** @type {any[] | null} */
    this.mine = null; // the papers of the day in the order of the reader's stars, where these are asked for
    this.whole = false; // whether all papers are listed, with the calendar
    this.span = "day";
    /** @type {string | null} */
    this.group = null; // the group whose papers alone are listed
    /** @type {[string, number][]} */
    this.days = []; // each day that has a digest, with its papers
    this.month = "";
    this.el = h("section", { class: "day", "aria-label": say("today") });
  }

  /** Load the papers of a day or of the range around it; of the newest day without one.
   * @param {string | null} [when]
   * @param {string} [until] the last day of a range
   */
  async load(when, until) {
    const isMine = Boolean(this.mine);
    const [start, end] = until ? [when, until] : this.range(when);
    const values = { language: getLanguage(), when: start, until: end, grouped: this.whole ? "true" : "" };
    const search = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
    this.asked = search;
    const found = await getJson(`/page/day?${search}`);
    if (!found || this.asked !== search) return; // something else has been asked for meanwhile
    this.digest = found;
    this.group = null;
    this.month = found.until?.slice(0, 7) ?? "";
    this.mine = isMine && this.span === "day" ? await loadForYou(found.day) : null;
    this.paint();
  }

  /** Return the first and the last day of what is to be shown around a day.
   * @param {string | null | undefined} when
   */
  range(when) {
    return this.span === "day" ? [when, ""] : rangeOf(when ?? this.page.state.last, this.span);
  }

  /** Show all of the feed.
   * @param {string | null} [when]
   * @param {string} [until]
   */
  async showWhole(when = this.digest?.day, until = "") {
    this.whole = true;
    await this.loadDays();
    await this.load(when, until);
  }

  /** Load which days have a digest. */
  async loadDays() {
    this.days = (await getJson("/page/days")) ?? [];
  }

  /** Show the day by votes, or in the order of the reader's stars.
   * @param {boolean} mine
   */
  async order(mine) {
    this.mine = mine ? await loadForYou(this.digest.day) : null;
    this.paint();
  }

  /** Build the switch between the two orders; nothing for a reader with few stars. */
  orders() {
    if (!isOffered() || this.span !== "day") return null;
    const choice = (word, mine) => button(say(word), Boolean(this.mine) === mine, () => this.order(mine));
    return h("div", { class: "tabs", role: "group" }, choice("by_votes", false), choice("for_you", true));
  }

  /** Name what is shown. */
  title() {
    const { day, until = day, total } = this.digest;
    return say("day_papers", { day: this.span === "month" ? monthName(day) : rangeName(day, until), n: total });
  }

  /** Build the choice between a day, a week and a month. */
  spans() {
    const { day, until = day } = this.digest;
    const last = this.days.map(([one]) => one).findLast((one) => day <= one && one <= until) ?? until; // of what is shown
    const choose = (span) => {
      this.span = span;
      this.load(last);
    };
    const choices = SPANS.map((span) => button(say(`span_${span}`), this.span === span, () => choose(span)));
    return h("div", { class: "tabs spans", role: "group", "aria-label": say("span") }, choices);
  }

  calendar() {
    return calendar({
      days: this.days,
      month: this.month,
      from: this.digest.day,
      to: this.digest.until ?? this.digest.day,
      since: newSince(),
      choose: (day) => this.load(day),
      turn: (month) => {
        this.month = month;
        this.paint();
      },
    });
  }

  /** Build the line that tells what came since the last visit; nothing where nothing did. */
  newLine() {
    const since = newSince();
    const fresh = since ? this.days.filter(([day]) => day > since) : [];
    if (!fresh.length) return null;
    const papers = fresh.reduce((sum, [, n]) => sum + n, 0);
    const show = () => {
      this.span = fresh.length > 1 ? "range" : "day";
      this.showWhole(fresh[0][0], fresh.length > 1 ? fresh.at(-1)[0] : "");
    };
    const words = say("new_since", { days: fresh.length, n: papers });
    return h("button", { type: "button", class: "small newsince", onclick: show }, h("span", { class: "dot" }), words);
  }

  /** Build the groups of what is shown, each of which narrows the list. */
  groups() {
    const found = this.whole && !this.mine ? (this.digest.groups ?? []) : [];
    if (!found.length) return null;
    const choose = (label) => {
      this.group = label;
      this.paint();
    };
    const every = button(say("all"), !this.group, () => choose(null));
    const rest = found.map(({ label, papers }) =>
      button(`${label} ${papers.length}`, this.group === label, () => choose(label)),
    );
    return h("div", { class: "feedgroups", role: "group", "aria-label": say("by_approach") }, every, rest);
  }

  /** Return the papers that are to be listed. */
  listed() {
    const papers = this.mine ?? this.digest.papers;
    const group = this.digest.groups?.find((one) => one.label === this.group);
    const found = group ? papers.filter((paper) => group.papers.includes(paper.id)) : papers;
    return this.whole ? found : found.slice(0, FEW);
  }

  /** @param {any} paper */
  entry(paper) {
    const { page } = this;
    const ask = () => page.conversation.ask(asks.explain(paper));
    const isNew = newSince() && paper.date > newSince();
    return h(
      "li",
      {},
      h(
        "span",
        { class: "score", title: votes(paper.votes) },
        paper.votes === null ? "–" : String(paper.votes),
        h("span", { class: "sr" }, ` ${votes(paper.votes)}`),
      ),
      h(
        "div",
        {},
        h("a", { href: paper.url, target: "_blank", rel: "noopener noreferrer" }, withMaths(paper.title)),
        isNew && h("span", { class: "fresh" }, say("fresh")),
        h("p", {}, together(paper.about[0] ?? "")),
        this.whole && picture(paper.media),
        paper.near && whyLine(page, paper, () => this.order(true)),
      ),
      star(paper),
      iconButton("chat", `${say("about_this")}: ${paper.title}`, ask),
    );
  }

  /** Build what stands above the list. */
  head() {
    const { before, after } = this.digest;
    const go = (day) => {
      if (this.span === "range") this.span = "day";
      this.load(day);
    };
    const bar = h(
      "div",
      { class: "dayhead" },
      h("h2", {}, say(this.whole ? "digests" : "today")),
      h("span", { class: "quiet cut" }, this.title()),
      h("span", { class: "room" }),
      iconButton("left", say("day_before"), () => go(before), { disabled: !before }),
      iconButton("right", say("day_after"), () => go(after), { disabled: !after }),
    );
    const tools = () =>
      h(
        "div",
        { class: "setbar feedtools" },
        this.spans(),
        pictureSwitch(() => this.paint()),
      );
    const whole = this.whole ? [tools(), this.calendar()] : [];
    return [bar, ...whole, this.newLine(), newsLine(this.page), this.orders(), this.groups()].filter(Boolean);
  }

  paint() {
    const { digest } = this;
    if (!digest?.day) return;
    const papers = this.listed();
    const rest = (digest.total ?? digest.papers.length) - papers.length;
    const more = h("button", { type: "button", class: "small", onclick: () => this.showWhole() }, say("show_all", { n: digest.total })); // prettier-ignore
    const cut = h("p", { class: "quiet" }, say("most_shown", { n: digest.total, m: digest.papers.length }));
    const isCut = this.whole && !this.group && !this.mine && rest > 0;
    this.el.replaceChildren(
      ...this.head(),
      h(
        "ol",
        {},
        papers.map((paper) => this.entry(paper)),
      ),
      ...(!this.whole && rest > 0 ? [more] : []),
      ...(isCut ? [cut] : []),
    );
  }
}
