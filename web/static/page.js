/** The chat page: one component inside the Gradio page. Chats are kept in the browser and nowhere else. */
import { addressOf, readAddress } from "./address.js";
import { applyAppearance, onSchemeChange } from "./appearance.js";
import { pathThrough } from "./branches.js";
import { answersOf, chats, findChat, newChat, watchChats } from "./chat_store.js";
import { isOnServer } from "./chat_sync.js";
import { ChatList } from "./chats.js";
import { Connection } from "./connection.js";
import { paintFollowed, paintSaved } from "./counts.js";
import { Conversation, newTurn } from "./conversation.js";
import { h } from "./dom.js";
import { FilterBox, filtersOfLink } from "./filters.js";
import { buildScroller, buildSide, buildSkipLink, buildSources, buildTalk } from "./layout.js";
import { watchFollowed } from "./followed_store.js";
import { openOwn } from "./reader.js";
import { watchSaved } from "./saved_store.js";
import { Leaf } from "./leaf.js";
import { QuestionBox } from "./question_box.js";
import { Server } from "./server.js";
import { SourcePanel } from "./source_panel.js";
import { say } from "./strings.js";
import { Strip } from "./strip.js";
import { Welcome } from "./welcome.js";

export class Page extends HTMLElement {
  connectedCallback() {
    if (this.conversation) return;
    /** @type {HTMLButtonElement} */
    this.send = null;
    /** @type {HTMLButtonElement} */
    this.halt = null;
    this.chat = newChat(history.state?.chat);
    history.replaceState({ chat: this.chat.id }, "");
    this.filters = filtersOfLink(new URLSearchParams(location.search));
    /** @type {IndexState | null} */
    this.state = null;
    /** Let the last turn fill the screen as it is now. @type {() => void} */
    this.fitRoom = null;
    this.conversation = new Conversation(this);
    this.connection = new Connection(this);
    this.server = new Server(this.conversation, (message) => this.notify(message));
    applyAppearance();
    this.build();
    addEventListener("keydown", (event) => this.onKey(event));
    addEventListener("popstate", () => this.move(() => this.follow()));
    onSchemeChange(applyAppearance);
    watchChats(() => this.paintChats());
    watchSaved(() => paintSaved(this));
    watchFollowed(() => paintFollowed(this));
    this.connection.check();
    openOwn(this);
  }

  // --- Building ------------------------------------------------------------------------------------------------------
  build() {
    const shown = this.sources?.turn ?? null;
    this.list = new ChatList(this, this.list?.search ?? "");
    this.box = new QuestionBox(this, this.box?.text ?? "");
    this.filterBox = new FilterBox(this, this.filters);
    this.note = h("p", { class: "fine" });
    this.flow = h("div", { class: "turns", id: "chat" });
    this.leaf = new Leaf(this);
    this.strip = new Strip(this);
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
    this.paintChats();
    paintSaved(this);
    paintFollowed(this);
    this.paintState();
    this.conversation.paintAll();
    this.sources.show(shown, false);
    this.box.grow();
  }

  /** Build the page anew, in another language or another theme. */
  rebuild() {
    applyAppearance();
    this.build();
    if (this.classList.contains("leafing")) this.follow();
  }

  // --- The index -----------------------------------------------------------------------------------------------------
  /** Whether the server keeps followed questions. */
  get follows() {
    return Boolean(this.state?.follow);
  }

  paintState() {
    const { state } = this;
    const talking = this.conversation.turns.length > 0;
    this.classList.toggle("open", talking);
    this.strip.paint();
    this.box.enable(state ? state.state === "ready" || talking : !isOnServer);
    if (!state) return;
    this.classList.toggle("follows", this.follows);
    this.classList.toggle("judges", Boolean(state.feedback));
    this.classList.toggle("adds", Boolean(state.uploads));
    const ready = state.state === "ready";
    this.note.textContent = ready ? say(isOnServer ? "kept_note" : "private_note") : "";
    this.welcome.paint(state, talking);
    if (ready) this.welcome.load();
  }

  showDay() {
    this.startNew();
    this.welcome.showDay();
  }

  // --- Keys -----------------------------------------------------------------------------------------------------------
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

  // --- Addresses -----------------------------------------------------------------------------------------------------
  /** Return the address of a turn; of the conversation as it stands without one.
   * @param {Turn} [turn]
   */
  addressOf(turn) {
    const { turns } = this.conversation;
    return addressOf(this.chat, turn ? turns.slice(0, turns.indexOf(turn) + 1) : turns, this.filters);
  }

  /** @param {boolean} [isNew] whether Back leads to where the reader was before */
  updateAddress(isNew = false) {
    const change = isNew ? "pushState" : "replaceState";
    history[change]({ chat: this.chat.id }, "", this.addressOf());
    this.paintTitle();
  }

  paintTitle() {
    const title = this.conversation.turns.length ? this.chat.title : "";
    document.title = title ? `${title} · 논문 Nonmun` : "논문 Nonmun";
  }

  /** Go to an address of this page.
   * @param {string} address
   */
  open(address) {
    history.pushState({ chat: newChat().id }, "", address);
    this.move(() => this.follow());
  }

  /** Show what the address names once all that is kept has been read. What the reader has opened or typed meanwhile stays. */
  arrive() {
    if (this.conversation.turns.length) return;
    const { text } = this.box;
    const { questions, ...named } = readAddress();
    if (questions.length || Object.values(named).some((one) => one !== undefined)) this.follow();
    else if (!text) this.box.showDraft();
    if (text) this.box.take(text);
    if (document.activeElement === document.body) this.box.invite();
  }

  /** Show what the address of the page names. */
  follow() {
    const { paper, saved: isSaved, followed: name, chat, turn, questions } = readAddress();
    if (paper || isSaved || name !== undefined) return this.leaf.show({ paper, followed: name });
    const known = chat && findChat(chat);
    if (known) return this.showChat(known, turn);
    if (chat && !questions.length) this.notify(say("no_chat_here"));
    this.begin(newChat(questions.length ? chat : history.state?.chat));
    return this.askLink(questions);
  }

  /** Ask the questions of a link once the server can answer.
   * @param {{ q: string, plan: Plan | null }[]} questions
   */
  async askLink(questions) {
    const { chat } = this;
    await this.connection.ready;
    if (this.chat === chat && !this.conversation.turns.length) await this.conversation.askAll(questions);
  }

  // --- Chats ---------------------------------------------------------------------------------------------------------
  /** Leave the conversation and begin with a chat.
   * @param {Chat} chat
   */
  begin(chat) {
    this.conversation.leave();
    this.chat = chat;
    this.welcome.fold();
    this.flow.replaceChildren();
    this.leaf.close();
    this.sources.show(null, false);
    this.paintState();
    this.paintChats();
    this.box.showDraft();
    this.paintTitle();
    this.scroller.scrollTop = 0;
  }

  /** Go where the reader wants to: what lies over the page closes, and the question box waits.
   * @template T
   * @param {() => T} go
   */
  move(go) {
    this.closeDrawers();
    const gone = go();
    this.box.invite();
    return gone;
  }

  startNew() {
    this.move(() => this.begin(newChat()));
    this.updateAddress(true);
  }

  /** Open a chat, at one of its turns.
   * @param {Chat} chat
   * @param {string} [turn]
   */
  async openChat(chat, turn) {
    history.pushState({ chat: chat.id }, "", `/#/c/${chat.id}${turn ? `/${turn}` : ""}`);
    await this.move(() => this.showChat(chat, turn));
  }

  /** Go to another version of a question.
   * @param {string} turn
   */
  openTurn(turn) {
    return this.openChat(this.chat, turn);
  }

  /** Show a chat as it was, at one of its turns or the last one.
   * @param {Chat} chat
   * @param {string} [turn]
   */
  async showChat(chat, turn) {
    const shown = this.conversation.turns.find((one) => one.id === turn);
    if (shown && this.chat === chat) {
      shown.el.scrollIntoView({ block: "start" });
      return;
    }
    this.begin(chat);
    const answers = await answersOf(chat);
    if (this.chat !== chat || this.conversation.turns.length) return;
    const turns = pathThrough(chat.turns, turn).map((kept) => newTurn({ ...kept, ...answers.get(kept.id), chat }));
    this.conversation.show(turns);
    this.paintState();
    this.updateAddress();
    const at = turns.find((one) => one.id === turn) ?? turns.at(-1);
    at?.el.scrollIntoView({ block: "start" });
  }

  paintChats() {
    this.list.paint(chats.all);
    this.conversation.paintVersions();
    this.strip.paint();
  }
}

customElements.define("nonmun-page", Page);

/** Add the page beside Gradio's frame once Gradio has let the reader in. Inside it, Gradio's styles would apply. */
const enter = () => {
  if (!document.getElementById("nonmun")) return false;
  document.documentElement.classList.add("nm-on");
  for (const main of document.querySelectorAll("gradio-app main")) main.setAttribute("role", "none"); // ours is the only one
  document.body.append(document.createElement("nonmun-page"));
  return true;
};

if (!enter()) {
  const observer = new MutationObserver(() => {
    if (enter()) observer.disconnect();
  });
  observer.observe(document.documentElement, { childList: true, subtree: true });
}
