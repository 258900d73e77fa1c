/** The panel of sources beside the answers, and the tooltip of a citation mark. */
import { h } from "./dom.js";
import { card, votes } from "./sources.js";
import { say } from "./strings.js";

export class SourcePanel {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Turn | null} */
    this.turn = null;
    this.cards = h("div", { class: "cards", id: "cards" });
    this.tip = h("div", { class: "tip", role: "tooltip", id: "tip", hidden: true });
  }

  /** Show the sources of a turn.
   * @param {Turn | null} turn
   * @param {boolean} [open] whether the panel comes forward on a narrow screen
   */
  show(turn, open = true) {
    this.turn = turn;
    this.paint();
    if (open) this.page.openDrawer("sources");
  }

  paint() {
    const citations = this.turn?.answer?.citations ?? [];
    const ask = (question) => this.page.conversation.ask(question);
    this.page.classList.toggle("cited", citations.length > 0);
    const empty = h("p", { class: "quiet" }, say("no_sources"));
    this.cards.replaceChildren(...(citations.length ? citations.map((paper) => card(paper, ask)) : [empty]));
    this.cards.scrollTop = 0;
  }

  /** Follow the citation marks in the answers: a click opens the card, the pointer and the focus show its quote.
   * @param {HTMLElement} flow
   */
  follow(flow) {
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
    this.page.openDrawer("sources");
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
    const lines = paper.quotes.length ? paper.quotes.slice(0, 2) : [`${paper.date} · ${votes(paper.votes)}`];
    this.tip.replaceChildren(h("strong", {}, paper.title), ...lines.map((line) => h("p", {}, line)));
    this.tip.hidden = false;
    mark.setAttribute("aria-describedby", "tip");
    const place = mark.getBoundingClientRect();
    const size = this.tip.getBoundingClientRect();
    const above = place.top - size.height - 8;
    this.tip.style.left = `${Math.max(8, Math.min(place.left - 20, innerWidth - size.width - 8))}px`;
    this.tip.style.top = `${above > 8 ? above : place.bottom + 8}px`;
  }
}
