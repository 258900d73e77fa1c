/** The chat page: one component that lives in the Gradio page. Chats live in the browser; the server keeps nothing of them. */
import { chatRows } from "./chats.js";
import { h, icon, iconButton, plain } from "./dom.js";
import { asSent, FilterBox, filtersOf, intoLink, keptBy } from "./filters.js";
import { chats, keepTurn, newChat, saveChats, saveSettings, settings } from "./storage.js";
import { Out } from "./server.js";
import { openSettings } from "./settings.js";
import { card, votes } from "./sources.js";
import { getTongue, say, setTongue } from "./strings.js";
import { paint } from "./turn.js";
import { Welcome } from "./welcome.js";

const HISTORY = 20; // earlier questions that go with a new one
const PLAN_URL = 1_500; // characters of a plan that still fit a link

class Page extends HTMLElement {
  connectedCallback() {
    if (this.ready) return;
    this.ready = true;
    Object.assign(this, { chat: newChat(), turns: [], filters: filtersOf(new URLSearchParams(location.search)), state: null, out: new Out(this) });
    this.dress();
    this.build();
    addEventListener("keydown", (event) => this.key(event));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.dress());
    this.checkState().then(() => this.openLink());
  }

  // --- Looks ---------------------------------------------------------------------------------------------------------
  dress() {
    setTongue(settings.ui !== "auto" ? settings.ui : navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en");
    const dark = settings.theme === "dark" || (settings.theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
    const root = document.documentElement;
    root.dataset.nmTheme = dark ? "dark" : "light";
    root.style.colorScheme = dark ? "dark" : "light";
    root.lang = getTongue();
  }

  build() {
    const draft = this.box?.value ?? "";
    this.list = h("ul", { class: "chatlist" });
    this.side = h("aside", { class: "side", id: "side", "aria-label": say("chats") },
      h("div", { class: "brand" }, h("strong", {}, "논문"), h("span", {}, "Nonmun"), h("span", { class: "room" }), iconButton("close", say("close"), () => this.closeDrawers(), { class: "tool drawer-only" })),
      h("button", { type: "button", class: "new", id: "clear", onclick: () => this.startNew() }, icon("plus"), say("new_chat")),
      h("nav", { "aria-label": say("chats") }, h("h2", {}, say("chats")), this.list),
      h("div", { class: "sidefoot" },
        h("button", { type: "button", class: "row", id: "today", onclick: () => this.showDay() }, icon("day"), say("today")),
        h("button", { type: "button", class: "row", id: "settings", onclick: () => openSettings(this) }, icon("gear"), say("settings"))));
    this.box = h("textarea", { rows: "1", maxlength: "2000", placeholder: say("placeholder"), "aria-label": say("question"), "data-testid": "textbox", enterkeyhint: "send", dir: "auto",
      oninput: () => this.grow(), onkeydown: (event) => this.boxKey(event) });
    this.box.value = draft;
    this.send = h("button", { type: "submit", class: "send", id: "ask", "aria-label": say("ask"), title: say("ask") }, icon("send"));
    this.halt = h("button", { type: "button", class: "send", id: "stop", hidden: true, "aria-label": say("stop"), title: say("stop"), onclick: () => this.stop() }, icon("stop"));
    this.filterBox = new FilterBox(this, this.filters);
    this.note = h("p", { class: "fine" });
    const composer = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.filterBox.panel, this.filterBox.chips,
      h("div", { class: "box", id: "question" }, this.box, h("div", { class: "boxbar" }, this.filterBox.button, h("span", { class: "room" }), this.halt, this.send)),
      this.note);
    this.flow = h("div", { class: "turns", id: "chat" });
    this.welcome = new Welcome(this);
    this.scroller = h("div", { class: "scroller" }, this.welcome.el, this.flow);
    // Not a container's unit: in a size container Chromium works out the style of every turn anew at each change.
    new ResizeObserver(() => {
      const { paddingTop, paddingBottom } = getComputedStyle(this.scroller);
      this.flow.style.setProperty("--nm-room", `${this.scroller.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)}px`);
    }).observe(this.scroller);
    this.main = h("main", { class: "talk" },
      h("header", { class: "bar" }, iconButton("menu", say("menu"), () => this.openDrawer("side"), { id: "menu" }), h("strong", { class: "serif" }, "논문 Nonmun"), h("span", { class: "room" }),
        iconButton("book", say("sources"), () => this.openDrawer("sources"), { id: "open-sources" })),
      this.scroller, composer);
    this.pictures = h("input", { type: "checkbox", checked: settings.pictures, role: "switch", onchange: () => { settings.pictures = this.pictures.checked; saveSettings(); this.paintSources(); } });
    this.cards = h("div", { class: "cards", id: "cards" });
    this.panel = h("aside", { class: "sources", id: "sources", "aria-label": say("sources") },
      h("div", { class: "sourcesbar" }, h("h2", {}, say("sources")), h("span", { class: "room" }),
        h("label", { class: "switch", id: "pictures", title: say("pictures_note") }, this.pictures, h("span", {}, say("pictures"))),
        iconButton("close", say("close"), () => this.closeDrawers(), { class: "tool drawer-only" })),
      this.cards);
    this.status = h("div", { class: "sr", role: "status", "aria-live": "polite" });
    this.toast = h("div", { class: "toast", role: "status" });
    this.tip = h("div", { class: "tip", role: "tooltip", id: "tip", hidden: true });
    this.replaceChildren(h("a", { class: "skip", href: "#question", onclick: (event) => { event.preventDefault(); this.box.focus(); } }, say("skip")),
      this.side, this.main, this.panel, h("div", { class: "veil", onclick: () => this.closeDrawers() }), this.tip, this.toast, this.status);
    for (const [kind, act] of [["click", (link) => this.goTo(link)], ["mouseover", (link) => this.hint(link)], ["focusin", (link) => this.hint(link)]]) {
      this.flow.addEventListener(kind, (event) => { const link = event.target.closest?.("a.cite"); if (link) { if (kind === "click") event.preventDefault(); act(link); } });
    }
    for (const kind of ["mouseout", "focusout"]) this.flow.addEventListener(kind, () => { this.tip.hidden = true; });
    this.scroller.addEventListener("scroll", () => { this.tip.hidden = true; }, { passive: true });
    this.paintList();
    this.paintState();
    for (const turn of this.turns) { turn.el = h("section", { class: "turn" }); this.flow.append(turn.el); this.paint(turn); }
    this.paintSources();
    this.grow();
  }

  rebuild() { this.dress(); this.build(); }

  // --- The index -----------------------------------------------------------------------------------------------------
  async checkState() {
    clearTimeout(this.later);
    const before = this.state?.state;
    try {
      const reply = await fetch("/page/state");
      if (reply.status === 401) return location.reload();
      this.state = await reply.json();
    } catch { this.state = { state: "lost" }; }
    if (before !== this.state.state || this.state.state === "indexing") this.paintState();
    if (this.state.state !== "ready") this.later = setTimeout(() => this.checkState(), 2_000);
    else this.welcome.load();
    return undefined;
  }

  get feedback() { return Boolean(this.state?.feedback); }

  paintState() {
    const { state } = this;
    this.classList.toggle("open", this.turns.length > 0);
    if (!state) return;
    const ready = state.state === "ready";
    this.box.disabled = !ready && this.turns.length === 0;
    this.note.textContent = ready ? say("private_note") : "";
    this.welcome.paint(state, this.turns.length > 0);
    if (ready) this.welcome.load();
  }

  showDay() {
    this.startNew();
    this.welcome.showDay();
  }

  // --- Asking --------------------------------------------------------------------------------------------------------
  boxKey(event) {
    if (event.key !== "Enter" || event.shiftKey) return;
    if (event.isComposing || event.keyCode === 229) return; // Enter that ends a Hangul syllable
    event.preventDefault();
    this.submit();
  }

  key(event) {
    if (event.key === "Escape") {
      if (this.filterBox.open) { this.filterBox.toggle(); this.filterBox.button.focus(); }
      else if (this.dataset.drawer) this.closeDrawers();
      else if (this.running) this.stop();
    } else if (event.key === "/" && !event.target.closest?.("input, textarea, dialog")) { event.preventDefault(); this.box.focus(); }
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 200)}px`;
  }

  submit() {
    const q = this.box.value.trim();
    if (!q || this.running) return;
    this.box.value = "";
    this.grow();
    this.ask({ q });
  }

  ask({ q, plan = null }) {
    if (this.running) this.stop();
    this.closeDrawers();
    const turn = { q, plan, filters: { ...this.filters }, el: h("section", { class: "turn" }), arrived: true };
    const before = this.turns.at(-1);
    this.turns.push(turn);
    this.flow.append(turn.el);
    if (this.turns.length === 1) this.paintState();
    this.run(turn); // on its way before anything else is done
    if (before) { before.last = false; for (const part of before.el.querySelectorAll(".next, .askedtools")) part.remove(); }
    turn.el.scrollIntoView({ block: "start" });
  }

  /** Carry a changed plan out in place of what the question itself asks for; a filter that was taken away goes too. */
  rerun(turn, plan) {
    this.filterBox.set(keptBy(plan, this.filters));
    turn.filters = keptBy(plan, turn.filters ?? {});
    turn.plan = plan;
    this.run(turn);
  }

  request(turn, extra = {}) {
    const at = this.turns.indexOf(turn);
    const before = this.turns.slice(0, at).filter((one) => one.answer);
    return {
      question: turn.q, plan: turn.plan, history: before.map((one) => one.q).slice(-HISTORY), previous: before.at(-1)?.answer.plan ?? null,
      filters: turn.plan ? {} : asSent(turn.filters ?? {}),
      language: settings.answer, engine: this.state?.model ? settings.engine : "auto", person: settings.person, ...extra,
    };
  }

  async run(turn, extra = {}) {
    if (this.running) this.stop();
    const stop = new AbortController();
    this.running = { turn, stop };
    const body = JSON.stringify(this.request(turn, extra));
    Object.assign(turn, { answer: null, error: null, next: null, rows: null, running: true, stopped: false, text: "", view: null, arrived: true });
    this.busy(true);
    this.paint(turn);
    try {
      const reply = await fetch("/page/ask", { method: "POST", headers: { "content-type": "application/json" }, body, signal: stop.signal });
      if (reply.status === 401) { location.reload(); return; }
      if (!reply.ok) throw Object.assign(new Error(), { code: (await reply.json().catch(() => ({}))).code ?? "broken" });
      await this.take(turn, reply.body.getReader());
    } catch (error) {
      if (turn.running) {
        if (error.name === "AbortError") turn.stopped = true;
        else { turn.error = { code: error.code ?? "lost" }; turn.answer = null; }
      }
    }
    if (turn.running) { // ended without an answer, or in the middle of one
      turn.running = false;
      if (turn.answer && turn.text) turn.answer = { ...turn.answer, html: turn.text };
      this.settle(turn);
    }
  }

  async take(turn, reader) {
    const decoder = new TextDecoder();
    let held = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      held += decoder.decode(value, { stream: true });
      const lines = held.split("\n");
      held = lines.pop();
      for (const line of lines) this.line(turn, JSON.parse(line));
    }
  }

  line(turn, { type, ...said }) {
    if (type === "draft") { turn.answer = said; this.paint(turn); this.showSources(turn, false); }
    else if (type === "text") { turn.text = said.html; if (turn.prose?.isConnected && turn.prose.classList.contains("prose")) turn.prose.innerHTML = said.html; else this.paint(turn); }
    else if (type === "answer") { turn.answer = said; turn.running = false; turn.stopped = false; this.settle(turn); }
    else if (type === "error") { turn.error = said; turn.running = false; this.settle(turn); }
    else if (type === "next") { turn.next = said.questions; if (turn.last) this.paint(turn); }
  }

  /** An answer has come to its end: show it, say so, remember it. */
  settle(turn) {
    if (this.running?.turn === turn) this.running = null;
    this.paint(turn);
    turn.arrived = false;
    requestAnimationFrame(() => setTimeout(() => { // the words are on the screen before the rest is built
      if (turn.answer && this.turns.includes(turn)) {
        this.showSources(turn, false);
        this.status.textContent = say("answered", { n: turn.answer.count, m: turn.answer.citations.length });
        this.remember();
      }
      if (!this.running) this.busy(false);
    }));
  }

  stop() {
    const { running } = this;
    if (!running) return;
    running.stop.abort();
    running.turn.stopped = true;
    running.turn.running = false;
    if (running.turn.answer && running.turn.text) running.turn.answer = { ...running.turn.answer, html: running.turn.text };
    else if (running.turn.answer && !running.turn.text) running.turn.answer = { ...running.turn.answer };
    this.settle(running.turn);
  }

  busy(on) {
    this.halt.hidden = !on;
    this.send.hidden = on;
    this.main.setAttribute("aria-busy", String(on));
  }

  paint(turn) {
    turn.last = this.turns.at(-1) === turn;
    const held = turn.el.contains(document.activeElement) && this.box;
    paint(turn, this);
    if (held) held.focus({ preventScroll: true });
  }

  edit(turn, asked) {
    const box = h("textarea", { rows: "2", maxlength: "2000", "aria-label": say("edit"), onkeydown: (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) { event.preventDefault(); done(); }
      if (event.key === "Escape") { event.stopPropagation(); this.paint(turn); }
    } });
    const done = () => { const q = box.value.trim(); if (q) { Object.assign(turn, { q, plan: null, filters: { ...this.filters } }); this.run(turn); } };
    box.value = turn.q;
    asked.replaceChildren(h("form", { class: "editform", onsubmit: (event) => { event.preventDefault(); done(); } }, box,
      h("div", { class: "setbar" }, h("span", { class: "room" }), h("button", { type: "button", class: "small", onclick: () => this.paint(turn) }, say("cancel")), h("button", { class: "small primary" }, say("save")))));
    box.focus();
  }

  // --- Sources -------------------------------------------------------------------------------------------------------
  showSources(turn, open = true) {
    this.shown = turn;
    this.paintSources();
    if (open) this.openDrawer("sources");
  }

  paintSources() {
    const found = this.shown?.answer?.citations ?? [];
    this.classList.toggle("cited", found.length > 0);
    this.cards.replaceChildren(...(found.length ? found.map((paper) => card(paper, this.shown, (what) => this.ask(what))) : [h("p", { class: "quiet" }, say("no_sources"))]));
    this.cards.scrollTop = 0;
  }

  turnOf(node) { return this.turns.find((turn) => turn.el.contains(node)); }

  goTo(link) {
    const turn = this.turnOf(link);
    this.tip.hidden = true;
    if (this.shown !== turn) this.showSources(turn, false);
    this.openDrawer("sources");
    const found = this.cards.querySelector(`#source-${link.dataset.n}`);
    found?.scrollIntoView({ block: "nearest" });
    found?.focus({ preventScroll: true });
    found?.classList.remove("flash");
    requestAnimationFrame(() => found?.classList.add("flash"));
  }

  hint(link) {
    const paper = this.turnOf(link)?.answer?.citations.find((one) => String(one.n) === link.dataset.n);
    if (!paper) return;
    this.tip.replaceChildren(h("strong", {}, paper.title), ...(paper.quotes.length ? paper.quotes.slice(0, 2).map((quote) => h("p", {}, quote)) : [h("p", {}, `${paper.date} · ${votes(paper.votes)}`)]));
    this.tip.hidden = false;
    link.setAttribute("aria-describedby", "tip");
    const [place, size] = [link.getBoundingClientRect(), this.tip.getBoundingClientRect()];
    this.tip.style.left = `${Math.max(8, Math.min(place.left - 20, innerWidth - size.width - 8))}px`;
    this.tip.style.top = `${place.top - size.height - 8 > 8 ? place.top - size.height - 8 : place.bottom + 8}px`;
  }

  openDrawer(which) {
    this.dataset.drawer = which;
    if (which === "side" && matchMedia("(max-width: 859px)").matches) this.side.querySelector("button").focus();
  }

  closeDrawers() { delete this.dataset.drawer; }

  say(words) {
    this.toast.textContent = words;
    this.toast.classList.add("on");
    clearTimeout(this.toastEnds);
    this.toastEnds = setTimeout(() => this.toast.classList.remove("on"), 2_500);
  }

  // --- The link ------------------------------------------------------------------------------------------------------
  linkOf(turn) {
    const search = new URLSearchParams();
    if (turn) search.set("q", turn.q);
    const plan = turn?.plan ? JSON.stringify(turn.plan) : "";
    if (plan && plan.length < PLAN_URL) search.set("plan", plan);
    intoLink(turn?.filters ?? this.filters, search);
    if (settings.answer !== "auto") search.set("lang", settings.answer);
    return `${location.origin}${location.pathname}${search.size ? `?${search}` : ""}`;
  }

  openLink() {
    const search = new URLSearchParams(location.search);
    const q = plain(search.get("q") ?? "").trim().slice(0, 2000);
    if (["ko", "en"].includes(search.get("lang"))) settings.answer = search.get("lang");
    if (!q || this.state?.state !== "ready") { this.box.focus(); return; }
    let plan = null;
    try { plan = JSON.parse(search.get("plan")); } catch { /* a link that was cut: the question stands */ }
    this.ask({ q, plan });
  }

  address() { history.replaceState(null, "", this.linkOf(this.turns.at(-1))); }

  // --- Chats ---------------------------------------------------------------------------------------------------------
  remember() {
    this.chat.turns = this.turns.filter((turn) => turn.answer).map(keepTurn);
    if (!this.chat.named) this.chat.title = plain(this.turns[0].q).slice(0, 80);
    this.chat.at = Date.now();
    if (!chats.all.includes(this.chat)) chats.all.unshift(this.chat);
    saveChats();
    this.paintList();
    this.address();
  }

  startNew() {
    if (this.running) this.stop();
    this.closeDrawers();
    Object.assign(this, { chat: newChat(), turns: [], shown: null });
    this.welcome.whole = false;
    this.flow.replaceChildren();
    this.paintSources();
    this.paintState();
    this.paintList();
    this.address();
    this.scroller.scrollTop = 0;
    this.box.focus();
  }

  async openChat(chat) {
    this.startNew();
    this.chat = chat;
    this.turns = chat.turns.map((kept) => ({ ...kept, el: h("section", { class: "turn" }) }));
    this.paintState();
    this.paintList();
    for (const turn of this.turns) { this.flow.append(turn.el); paint({ ...turn, el: turn.el }, this); }
    for (const turn of [...this.turns]) {
      if (this.chat !== chat) return;
      if (turn.answer) { this.settle(turn); continue; } // a model wrote it: shown as it was
      await this.run(turn, { engine: "offline" });
    }
  }

  paintList() { this.list.replaceChildren(...chatRows(this)); }
}

customElements.define("nonmun-page", Page);

/** Stand beside Gradio's frame, whose style sheet would reach in, once Gradio has let the reader through. */
const enter = () => {
  if (!document.getElementById("nonmun")) return false;
  document.documentElement.classList.add("nm-on");
  document.body.append(document.createElement("nonmun-page"));
  return true;
};
if (!enter()) new MutationObserver((_, watch) => { if (enter()) watch.disconnect(); }).observe(document.documentElement, { childList: true, subtree: true });
