/** What is shown before the first question: the state of the index, starter questions, the newest digest. */
import { DigestFeed } from "./digest.js";
import { h, icon } from "./dom.js";
import { doneOf, progressBar } from "./progress.js";
import { getJson } from "./server.js";
import { getLanguage, say } from "./strings.js";
import { newSince, noteVisit } from "./visits.js";

const SIGNS = { empty: "book", indexing: "retry", unreachable: "warn", lost: "warn" };

/** Build the progress of an ingest: a bar, and how much is done.
 * @param {[string, number, number]} progress the stage, how much is done, and of how much (0: not known)
 */
const ingestProgress = ([stage, done, total]) => {
  const words = [say(`stage_${stage}`), doneOf(done, total)].filter(Boolean).join(" · ");
  return [progressBar(say(`stage_${stage}`), done, total), h("p", { class: "quiet" }, words)];
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
    progress && ingestProgress(progress),
    unreachable && h("p", {}, say(`store_${kind}`)),
    unreachable && h("p", { class: "quiet detail" }, message),
  );
};

export class Welcome {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    this.loaded = false;
    this.starters = h("div", { class: "starters", role: "group", "aria-label": say("starters") });
    this.feed = new DigestFeed(page);
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
      this.feed.el,
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
    const { last } = this.page.state;
    noteVisit(last);
    if (newSince() < last) await this.feed.loadDays();
    await Promise.all([offered(), this.feed.load()]);
    this.loaded = Boolean(this.feed.digest);
  }

  /** Load the newest digest again: the index has changed. */
  renew() {
    if (!this.loaded) return;
    this.loaded = false;
    if (!this.page.conversation.turns.length) this.load();
  }

  /** Show the feed of the digests. */
  async showDay() {
    await this.feed.showWhole();
    this.feed.el.scrollIntoView({ behavior: "smooth" });
  }

  /** Begin anew with the start page as it was at first. */
  fold() {
    if (!this.feed.whole) return;
    this.feed.whole = false;
    this.feed.span = "day";
    this.feed.load();
  }
}
