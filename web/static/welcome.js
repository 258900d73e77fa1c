/** What is shown before the first question: the state of the index, starter questions, the newest digest. */
import { h, icon, iconButton } from "./dom.js";
import { newsLine } from "./followed_page.js";
import { isOffered, loadForYou, whyLine } from "./for_you.js";
import { star } from "./papers.js";
import { getJson } from "./server.js";
import { asks, votes } from "./asks.js";
import { getLanguage, say } from "./strings.js";

const SIGNS = { empty: "book", indexing: "retry", unreachable: "warn", lost: "warn" };

/** Build the progress of an ingest: a bar, and how much is done.
 * @param {[string, number, number]} progress the stage, how much is done, and of how much (0: not known)
 */
const progressBar = ([stage, done, total]) => {
  const percent = total ? Math.round((100 * done) / total) : null;
  const known = percent !== null;
  const numbers = [done, total].map((n) => n.toLocaleString("en-US")).join(" / ");
  const properties = {
    class: "progress",
    role: "progressbar",
    "aria-label": say(`stage_${stage}`),
    "aria-valuemin": "0",
    "aria-valuemax": "100",
    "aria-valuenow": known ? String(percent) : undefined,
  };
  const bar = h("div", { class: known ? "" : "unknown", style: known ? `width:${percent}%` : "" });
  const words = h("p", { class: "quiet" }, say(`stage_${stage}`) + (known ? ` · ${numbers}` : ""));
  return [h("div", properties, bar), words];
};

/** Return the command that makes an index, from the server's message where it has one.
 * @param {string | undefined} message
 */
const ingestCommand = (message) => /nonmun ingest .*/.exec(message)?.[0] ?? "nonmun ingest DIGESTS";

/** Build the state of an index that cannot be asked: why, how far an ingest is, what to do.
 * @param {IndexState} state
 */
const indexState = ({ state, kind, progress, message }) => {
  const unreachable = state === "unreachable";
  return h(
    "div",
    { class: `stand ${state}` },
    icon(SIGNS[state]),
    h("h1", {}, say(`state_${state}`)),
    h("p", {}, say(`state_${state}_text`)),
    state === "empty" && h("pre", { tabindex: "0" }, h("code", {}, ingestCommand(message))),
    progress && progressBar(progress),
    unreachable && h("p", {}, say(`store_${kind}`)),
    unreachable && h("p", { class: "quiet detail" }, message),
  );
};

export class Welcome {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Digest | null} */
    this.digest = null;
    /** @type {any[] | null} */
    this.mine = null; // the papers of the day in the order of the reader's stars, where these are asked for
    this.whole = false; // whether all papers of the day are listed
    this.loaded = false;
    this.starters = h("div", { class: "starters", role: "group", "aria-label": say("starters") });
    this.day = h("section", { class: "day", "aria-label": say("today") });
    this.el = h("div", { class: "welcome" });
  }

  /** Show the state of the index; nothing once there are questions. */
  paint(state, talking) {
    if (talking) {
      this.el.replaceChildren();
      return;
    }
    if (state.state !== "ready") {
      this.el.replaceChildren(indexState(state));
      return;
    }
    this.el.replaceChildren(
      h("h1", {}, say("headline")),
      h("p", { class: "lead" }, say("tagline", { digests: state.digests, papers: state.papers })),
      this.starters,
      this.day,
    );
  }

  async load() {
    if (this.loaded) return;
    this.loaded = true;
    const offered = async () => {
      const questions = (await getJson(`/page/starters?language=${getLanguage()}`)) ?? [];
      this.starters.replaceChildren(
        ...questions.map((question) =>
          h("button", { type: "button", onclick: () => this.page.conversation.ask({ q: question }) }, question),
        ),
      );
    };
    await Promise.all([offered(), this.loadDay()]);
    this.loaded = Boolean(this.digest);
  }

  /** Load the newest digest again: the index has changed. */
  renew() {
    if (!this.loaded) return;
    this.loaded = false;
    if (!this.page.conversation.turns.length) this.load();
  }

  /** Show the day by votes, or in the order of the reader's stars.
   * @param {boolean} mine
   */
  async order(mine) {
    this.mine = mine ? await loadForYou(this.digest.day) : null;
    this.paintDay();
  }

  /** Build the switch between the two orders; nothing for a reader with few stars. */
  orders() {
    if (!isOffered()) return null;
    const choice = (word, mine) =>
      h(
        "button",
        { type: "button", "aria-pressed": String(Boolean(this.mine) === mine), onclick: () => this.order(mine) },
        say(word),
      );
    return h("div", { class: "tabs", role: "group" }, choice("by_votes", false), choice("for_you", true));
  }

  async loadDay(when) {
    const isMine = Boolean(this.mine);
    this.digest = (await getJson(`/page/day?language=${getLanguage()}${when ? `&when=${when}` : ""}`)) ?? this.digest;
    if (isMine && this.digest) this.mine = await loadForYou(this.digest.day);
    this.paintDay();
  }

  async showDay() {
    this.whole = true;
    await this.loadDay();
    this.day.scrollIntoView({ behavior: "smooth" });
  }

  paintDay() {
    const { digest } = this;
    if (!digest?.day) return;
    const papers = this.mine ?? digest.papers;
    const few = this.whole ? papers : papers.slice(0, 5);
    this.day.replaceChildren(
      h(
        "div",
        { class: "dayhead" },
        h("h2", {}, say("today")),
        h("span", { class: "quiet cut" }, say("day_papers", { day: digest.day, n: digest.papers.length })),
        h("span", { class: "room" }),
        iconButton("left", say("day_before"), () => this.loadDay(digest.before), { disabled: !digest.before }),
        iconButton("right", say("day_after"), () => this.loadDay(digest.after), { disabled: !digest.after }),
      ),
      ...[newsLine(this.page), this.orders()].filter(Boolean),
      h(
        "ol",
        {},
        few.map((paper) =>
          h(
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
              h("a", { href: paper.url, target: "_blank", rel: "noopener noreferrer" }, paper.title),
              h("p", {}, paper.about[0] ?? ""),
              paper.near && whyLine(this.page, paper, () => this.order(true)),
            ),
            star(paper),
            iconButton("chat", `${say("about_this")}: ${paper.title}`, () =>
              this.page.conversation.ask(asks.explain(paper)),
            ),
          ),
        ),
      ),
      ...(few.length < papers.length
        ? [
            h(
              "button",
              {
                type: "button",
                class: "small",
                onclick: () => {
                  this.whole = true;
                  this.paintDay();
                },
              },
              say("show_all", { n: papers.length }),
            ),
          ]
        : []),
    );
  }
}
