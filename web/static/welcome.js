/** What stands before the first question: the state of the index, questions to begin with, the newest digest. */
import { h, icon, iconButton } from "./dom.js";
import { asks, votes } from "./sources.js";
import { getTongue, say } from "./strings.js";

const SIGNS = { empty: "book", indexing: "retry", unreachable: "warn", lost: "warn" };

/** Where nothing can be asked: why, how far an ingest is, what to do. */
const stand = ({ state, kind, progress, message }) => {
  const [stage, done, total] = progress ?? [];
  const share = total ? Math.round((100 * done) / total) : null;
  return h("div", { class: `stand ${state}` }, icon(SIGNS[state]),
    h("h1", {}, say(`state_${state}`)), h("p", {}, say(`state_${state}_text`)),
    state === "empty" && h("pre", { tabindex: "0" }, h("code", {}, /nonmun ingest .*/.exec(message)?.[0] ?? "nonmun ingest DIGESTS")),
    progress && h("div", { class: "progress", role: "progressbar", "aria-label": say(`stage_${stage}`), "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": share === null ? undefined : String(share) },
      h("div", { class: share === null ? "unknown" : "", style: share === null ? "" : `width:${share}%` })),
    progress && h("p", { class: "quiet" }, `${say(`stage_${stage}`)}${total ? ` · ${done.toLocaleString("en-US")} / ${total.toLocaleString("en-US")}` : ""}`),
    state === "unreachable" && h("p", {}, say(`store_${kind}`)),
    state === "unreachable" && h("p", { class: "quiet detail" }, message));
};

export class Welcome {
  constructor(page) {
    Object.assign(this, { page, digest: null, offered: [], whole: false });
    this.starters = h("div", { class: "starters", role: "group", "aria-label": say("starters") });
    this.day = h("section", { class: "day", "aria-label": say("today") });
    this.el = h("div", { class: "welcome" });
  }

  /** Show the state of the index; nothing once there are questions. */
  paint(state, talking) {
    if (talking) { this.el.replaceChildren(); return; }
    if (state.state !== "ready") { this.el.replaceChildren(stand(state)); return; }
    this.el.replaceChildren(h("h1", {}, say("headline")), h("p", { class: "lead" }, say("tagline", { digests: state.digests, papers: state.papers })), this.starters, this.day);
  }

  async load() {
    if (this.loaded) return;
    this.loaded = true;
    const offered = async () => {
      this.offered = (await this.get(`/page/starters?language=${getTongue()}`)) ?? [];
      this.starters.replaceChildren(...this.offered.map((question) => h("button", { type: "button", onclick: () => this.page.ask({ q: question }) }, question)));
    };
    await Promise.all([offered(), this.loadDay()]);
    this.loaded = Boolean(this.digest);
  }

  async get(path) {
    try {
      const reply = await fetch(path);
      return reply.ok ? await reply.json() : null;
    } catch { return null; } // the state says that the server is gone
  }

  async loadDay(when) {
    this.digest = (await this.get(`/page/day?language=${getTongue()}${when ? `&when=${when}` : ""}`)) ?? this.digest;
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
    const few = this.whole ? digest.papers : digest.papers.slice(0, 5);
    this.day.replaceChildren(
      h("div", { class: "dayhead" }, h("h2", {}, say("today")), h("span", { class: "quiet cut" }, say("day_papers", { day: digest.day, n: digest.papers.length })), h("span", { class: "room" }),
        iconButton("left", say("day_before"), () => this.loadDay(digest.before), { disabled: !digest.before }),
        iconButton("right", say("day_after"), () => this.loadDay(digest.after), { disabled: !digest.after })),
      h("ol", {}, few.map((paper) => h("li", {},
        h("span", { class: "score", title: votes(paper.votes) }, paper.votes === null ? "–" : String(paper.votes), h("span", { class: "sr" }, ` ${votes(paper.votes)}`)),
        h("div", {}, h("a", { href: paper.url, target: "_blank", rel: "noopener noreferrer" }, paper.title), h("p", {}, paper.about[0] ?? "")),
        iconButton("chat", `${say("about_this")}: ${paper.title}`, () => this.page.ask(asks.explain(paper)))))),
      ...(few.length < digest.papers.length ? [h("button", { type: "button", class: "small", onclick: () => { this.whole = true; this.paintDay(); } }, say("show_all", { n: digest.papers.length }))] : []));
  }
}
