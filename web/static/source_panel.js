/** The panel of sources beside the answers, and the tooltip of a citation mark. */
import { h, plain, together } from "./dom.js";
import { votes } from "./asks.js";
import { withMaths } from "./maths.js";
import { card } from "./sources.js";
import { saveSettings, settings } from "./storage.js";
import { say } from "./strings.js";

const HELD = 60; // pixels of scrolling after which the sources follow the turn in view again
const WIDE = "(min-width: 1180px)"; // where the panel stands beside the answers

/** Return a text without what tells two spellings of it apart.
 * @param {string} text
 */
const flat = (text) => text.replace(/[\s\u00a0]+/g, "");

/** Return the text that stands beside a mark: that of its entry, paragraph or row.
 * @param {HTMLElement} mark
 */
const besides = (mark) => flat((mark.closest(".prose > * > li, tr, p") ?? mark.parentElement).textContent);

/** Return what a reader does not see yet of a paper: its quotes, or else more of its summary, or else who wrote it.
 * @param {Citation} paper
 * @param {string} beside
 */
const notBeside = (paper, beside) => {
  const unseen = (text) => {
    const sentences = text.split(/(?<=[.!?])\s+/);
    return sentences.filter((one) => !beside.includes(flat(one.replace(/^[A-Z][\w' ]{2,30}: /, "")))).join(" ");
  };
  const quotes = paper.quotes.map((quote) => unseen(typeof quote === "string" ? quote : quote.text)).filter(Boolean);
  const rest = paper.summary.filter((bullet) => !bullet.quoted).map((bullet) => unseen(bullet.text));
  const lines = [...quotes, ...rest.filter(Boolean)].slice(0, 2);
  return lines.length ? lines : [`${paper.date} · ${votes(paper.votes)}`, paper.authors.slice(0, 6).join(", ")];
};

export class SourcePanel {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Turn | null} */
    this.turn = null;
    /** @type {number | null} */
    this.heldAt = null; // where the reader was when they asked for a turn's sources
    this.cards = h("div", { class: "cards", id: "cards" });
    this.tip = h("div", { class: "tip", role: "tooltip", id: "tip", hidden: true });
  }

  /** Show the sources of a turn.
   * @param {Turn | null} turn
   * @param {boolean} [open] whether the panel comes forward
   */
  show(turn, open = true) {
    this.turn = turn;
    this.paint();
    if (open) this.open();
  }

  /** Bring the panel forward, also where a reader closed it. What was asked for stays until the reader scrolls on. */
  open() {
    this.heldAt = this.page.scroller.scrollTop;
    this.choose(true);
    this.page.openDrawer("sources");
  }

  /** Close the panel. Its place stays empty, so that the text beside it does not move. */
  close() {
    if (matchMedia(WIDE).matches) this.choose(false);
    this.page.closeDrawers();
  }

  choose(isOpen) {
    settings.sources = isOpen;
    saveSettings();
    this.page.classList.toggle("closed", !isOpen);
  }

  /** Show the sources of the turn that the reader is looking at: the last one that begins above the middle.
   * @param {HTMLElement} scroller
   */
  showInView(scroller) {
    if (this.heldAt !== null && Math.abs(scroller.scrollTop - this.heldAt) < HELD) return;
    this.heldAt = null;
    const middle = scroller.getBoundingClientRect().top + scroller.clientHeight / 2;
    const seen = this.page.conversation.turns.filter((turn) => turn.el.getBoundingClientRect().top < middle).at(-1);
    if (seen && !seen.running && seen !== this.turn) this.show(seen, false);
  }

  paint() {
    const citations = this.turn?.answer?.citations ?? [];
    this.page.classList.toggle("closed", !settings.sources);
    const empty = h("p", { class: "quiet" }, say("no_sources"));
    this.cards.replaceChildren(...(citations.length ? citations.map((paper) => card(paper, this.page)) : [empty]));
    this.cards.scrollTop = 0;
  }

  /** Show the sources of all turns, for the printer. */
  paintAll() {
    const turns = this.page.conversation.turns.filter((turn) => turn.answer?.citations.length);
    const sourcesOf = (turn) => turn.answer.citations.map((paper) => card(paper, this.page));
    this.cards.replaceChildren(
      ...turns.flatMap((turn) => [h("h2", { class: "printed" }, plain(turn.q)), ...sourcesOf(turn)]),
    );
  }

  /** Follow the citation marks in the answers: a click opens the card, the pointer and the focus show its quote.
   * @param {HTMLElement} flow
   */
  follow(flow) {
    addEventListener("beforeprint", () => this.paintAll());
    addEventListener("afterprint", () => this.paint());
    const markOf = (event) => event.target.closest?.("a.cite");
    flow.addEventListener("click", (event) => {
      const mark = markOf(event);
      if (!mark) return;
      event.preventDefault();
      this.goTo(mark);
    });
    for (const kind of ["mouseover", "focusin"]) {
      flow.addEventListener(kind, (event) => {
        const mark = markOf(event);
        if (mark) this.showTip(mark);
      });
    }
    for (const kind of ["mouseout", "focusout"]) flow.addEventListener(kind, () => this.hideTip());
  }

  /** Go to the card of a citation mark.
   * @param {HTMLElement} mark
   */
  goTo(mark) {
    const turn = this.page.conversation.turnOf(mark);
    this.hideTip();
    if (this.turn !== turn) this.show(turn, false);
    this.open();
    /** @type {HTMLElement | null} */
    const found = this.cards.querySelector(`#source-${mark.dataset.n}`);
    if (!found) return;
    found.scrollIntoView({ block: "nearest" });
    found.focus({ preventScroll: true });
    found.classList.remove("flash");
    requestAnimationFrame(() => found.classList.add("flash"));
  }

  hideTip() {
    this.tip.hidden = true;
  }

  /** Show what a citation mark stands for, above it or below it.
   * @param {HTMLElement} mark
   */
  showTip(mark) {
    const citations = this.page.conversation.turnOf(mark)?.answer?.citations;
    const paper = citations?.find((one) => String(one.n) === mark.dataset.n);
    if (!paper) return;
    const beside = besides(mark);
    const title = beside.includes(flat(paper.title)) ? null : h("strong", {}, withMaths(paper.title));
    this.tip.replaceChildren(
      ...(title ? [title] : []),
      ...notBeside(paper, beside).map((line) => h("p", {}, together(line))),
    );
    this.tip.hidden = false;
    mark.setAttribute("aria-describedby", "tip");
    const place = mark.getBoundingClientRect();
    const size = this.tip.getBoundingClientRect();
    const above = place.top - size.height - 8;
    this.tip.style.left = `${Math.max(8, Math.min(place.left - 20, innerWidth - size.width - 8))}px`;
    this.tip.style.top = `${above > 8 ? above : place.bottom + 8}px`;
  }
}
