/** The chat page: one component inside the Gradio page. Chats are kept in the browser and nowhere else. */
import { applyAppearance, onSchemeChange } from "./appearance.js";
import { chatRows } from "./chats.js";
import { Conversation, newTurn } from "./conversation.js";
import { h, plain } from "./dom.js";
import { FilterBox, filtersOfLink } from "./filters.js";
import { buildQuestionBox, buildScroller, buildSide, buildSkipLink, buildSources, buildTalk } from "./layout.js";
import { linkOf, readLink } from "./link.js";
import { Server } from "./server.js";
import { SourcePanel } from "./source_panel.js";
import { chats, keptTurn, newChat, saveChats } from "./storage.js";
import { say } from "./strings.js";
import { paintTurn } from "./turn.js";
import { Welcome } from "./welcome.js";

const AGAIN = 2_000; // milliseconds until the state of the index is asked for again

export class Page extends HTMLElement {
  connectedCallback() {
    if (this.conversation) return;
    this.chat = newChat();
    /** @type {HTMLButtonElement} */
    this.send = null;
    /** @type {HTMLButtonElement} */
    this.halt = null;
    this.filters = filtersOfLink(new URLSearchParams(location.search));
    /** @type {IndexState | null} */
    this.state = null;
    this.conversation = new Conversation(this);
    this.server = new Server(this.conversation, (message) => this.notify(message));
    applyAppearance();
    this.build();
    addEventListener("keydown", (event) => this.onKey(event));
    onSchemeChange(applyAppearance);
    this.checkState().then(() => this.askLink());
  }

  // --- Building ------------------------------------------------------------------------------------------------------
  build() {
    const shown = this.sources?.turn ?? null;
    this.list = h("ul", { class: "chatlist" });
    this.box = buildQuestionBox(this, this.box?.value ?? "");
    this.filterBox = new FilterBox(this, this.filters);
    this.note = h("p", { class: "fine" });
    this.flow = h("div", { class: "turns", id: "chat" });
    this.welcome = new Welcome(this);
    this.sources = new SourcePanel(this);
    this.scroller = buildScroller(this);
    this.side = buildSide(this);
    this.talk = buildTalk(this);
    this.toast = h("div", { class: "toast", role: "status" });
    this.status = h("div", { class: "sr", role: "status", "aria-live": "polite" });
    const veil = h("div", { class: "veil", onclick: () => this.closeDrawers() });
    this.replaceChildren(
      buildSkipLink(this),
      this.side,
      this.talk,
      buildSources(this),
      veil,
      this.sources.tip,
      this.toast,
      this.status,
    );
    this.sources.follow(this.flow);
    this.paintList();
    this.paintState();
    this.conversation.paintAll();
    this.sources.show(shown, false);
    this.growBox();
  }

  /** Build the page anew, in another language or another theme. */
  rebuild() {
    applyAppearance();
    this.build();
  }

  // --- The index -----------------------------------------------------------------------------------------------------
  async checkState() {
    clearTimeout(this.nextCheck);
    const before = this.state?.state;
    try {
      const reply = await fetch("/page/state");
      if (reply.status === 401) {
        location.reload();
        return;
      }
      this.state = await reply.json();
    } catch {
      this.state = { state: "lost" };
    }
    const { state } = this.state;
    if (before !== state || state === "indexing") this.paintState();
    if (state === "ready") this.welcome.load();
    else this.nextCheck = setTimeout(() => this.checkState(), AGAIN);
  }

  /** Whether the server keeps verdicts. */
  get takesVerdicts() {
    return Boolean(this.state?.feedback);
  }

  paintState() {
    const { state } = this;
    const talking = this.conversation.turns.length > 0;
    this.classList.toggle("open", talking);
    if (!state) return;
    const ready = state.state === "ready";
    this.box.disabled = !ready && !talking;
    this.note.textContent = ready ? say("private_note") : "";
    this.welcome.paint(state, talking);
    if (ready) this.welcome.load();
  }

  showDay() {
    this.startNew();
    this.welcome.showDay();
  }

  // --- The question box ----------------------------------------------------------------------------------------------
  growBox() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 200)}px`;
  }

  submit() {
    const q = this.box.value.trim();
    if (!q || this.conversation.running) return;
    this.box.value = "";
    this.growBox();
    this.conversation.ask({ q });
  }

  /** Ask the question of the link that opened the page. */
  askLink() {
    const question = readLink();
    if (question.q && this.state?.state === "ready") this.conversation.ask(question);
    else this.box.focus();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (event.key === "/" && !target?.closest("input, textarea, dialog")) {
      event.preventDefault();
      this.box.focus();
    }
    if (event.key !== "Escape") return;
    if (this.filterBox.open) {
      this.filterBox.toggle();
      this.filterBox.button.focus();
    } else if (this.dataset.drawer) this.closeDrawers();
    else if (this.conversation.running) this.conversation.stop();
  }

  /** @param {boolean} busy whether an answer is on its way */
  showBusy(busy) {
    this.halt.hidden = !busy;
    this.send.hidden = busy;
    this.talk.setAttribute("aria-busy", String(busy));
  }

  // --- Drawers and messages ------------------------------------------------------------------------------------------
  /** @param {"side" | "sources"} which */
  openDrawer(which) {
    this.dataset.drawer = which;
    if (which === "side" && matchMedia("(max-width: 859px)").matches) this.side.querySelector("button").focus();
  }

  closeDrawers() {
    delete this.dataset.drawer;
  }

  /** Show a message for a moment.
   * @param {string} message
   */
  notify(message) {
    this.toast.textContent = message;
    this.toast.classList.add("on");
    clearTimeout(this.toastEnds);
    this.toastEnds = setTimeout(() => this.toast.classList.remove("on"), 2_500);
  }

  /** Have a message read out to readers who hear the page.
   * @param {string} message
   */
  announce(message) {
    this.status.textContent = message;
  }

  // --- Chats ---------------------------------------------------------------------------------------------------------
  updateAddress() {
    history.replaceState(null, "", linkOf(this.conversation.turns.at(-1), this.filters));
  }

  /** Keep the chat in this browser. */
  remember() {
    const { turns } = this.conversation;
    this.chat.turns = turns.filter((turn) => turn.answer).map(keptTurn);
    if (!this.chat.named) this.chat.title = plain(turns[0].q).slice(0, 80);
    this.chat.at = Date.now();
    if (!chats.all.includes(this.chat)) chats.all.unshift(this.chat);
    saveChats();
    this.paintList();
    this.updateAddress();
  }

  startNew() {
    this.conversation.stop();
    this.closeDrawers();
    this.chat = newChat();
    this.conversation.turns = [];
    this.welcome.whole = false;
    this.flow.replaceChildren();
    this.sources.show(null, false);
    this.paintState();
    this.paintList();
    this.updateAddress();
    this.scroller.scrollTop = 0;
    this.box.focus();
  }

  /** Open a chat that was kept. Offline answers are made again; a model's words are shown as they were.
   * @param {Chat} chat
   */
  async openChat(chat) {
    this.startNew();
    this.chat = chat;
    const turns = chat.turns.map((kept) => newTurn({ ...kept }));
    this.conversation.turns = turns;
    this.paintState();
    this.paintList();
    for (const turn of turns) {
      this.flow.append(turn.el);
      paintTurn({ ...turn }, this);
    }
    for (const turn of turns) {
      if (this.chat !== chat) return;
      if (turn.answer) this.conversation.settle(turn);
      else await this.conversation.run(turn, { engine: "offline" });
    }
  }

  paintList() {
    this.list.replaceChildren(...chatRows(this));
  }
}

customElements.define("nonmun-page", Page);

/** Add the page beside Gradio's frame once Gradio has let the reader in. Inside it, Gradio's styles would apply. */
const enter = () => {
  if (!document.getElementById("nonmun")) return false;
  document.documentElement.classList.add("nm-on");
  document.body.append(document.createElement("nonmun-page"));
  return true;
};

if (!enter()) {
  const observer = new MutationObserver(() => {
    if (enter()) observer.disconnect();
  });
  observer.observe(document.documentElement, { childList: true, subtree: true });
}
