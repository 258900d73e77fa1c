/** The chat page: one component that lives in the Gradio page. Chats live in the browser; the server keeps nothing of them. */
import { download, h, icon, iconButton, plain } from "./dom.js";
import { chats, chatText, keepTurn, newChat, saveChats, saveSettings, settings } from "./keep.js";
import { asks, card, votes } from "./sources.js";
import { getTongue, say, setTongue } from "./strings.js";
import { paint } from "./turn.js";

const HISTORY = 20; // earlier questions that go with a new one
const PLAN_URL = 1_500; // characters of a plan that still fit a link

class Page extends HTMLElement {
  connectedCallback() {
    if (this.ready) return;
    if (this.parentElement !== document.body) { // out of Gradio's frame, whose style sheet would reach in
      document.documentElement.classList.add("nm-on");
      document.body.append(this);
      return;
    }
    this.ready = true;
    Object.assign(this, { chat: newChat(), turns: [], filters: this.filtersOf(new URLSearchParams(location.search)), state: null, digest: null });
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
        h("button", { type: "button", class: "row", id: "settings", onclick: () => this.openSettings() }, icon("gear"), say("settings"))));
    this.box = h("textarea", { rows: "1", maxlength: "2000", placeholder: say("placeholder"), "aria-label": say("question"), "data-testid": "textbox", enterkeyhint: "send", dir: "auto",
      oninput: () => this.grow(), onkeydown: (event) => this.boxKey(event) });
    this.box.value = draft;
    this.send = h("button", { type: "submit", class: "send", id: "ask", "aria-label": say("ask"), title: say("ask") }, icon("send"));
    this.halt = h("button", { type: "button", class: "send", id: "stop", hidden: true, "aria-label": say("stop"), title: say("stop"), onclick: () => this.stop() }, icon("stop"));
    this.filterButton = h("button", { type: "button", class: "small filterbutton", id: "filters", "aria-expanded": "false", onclick: () => this.toggleFilters() });
    this.filterPanel = h("div", { class: "filterpanel", hidden: true });
    this.filterChips = h("div", { class: "chips active" });
    this.note = h("p", { class: "fine" });
    const composer = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.filterPanel, this.filterChips,
      h("div", { class: "box", id: "question" }, this.box, h("div", { class: "boxbar" }, this.filterButton, h("span", { class: "room" }), this.halt, this.send)),
      this.note);
    this.flow = h("div", { class: "turns", id: "chat" });
    this.welcome = h("div", { class: "welcome" });
    this.scroller = h("div", { class: "scroller" }, this.welcome, this.flow);
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
    this.paintFilters();
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
    else if (!this.digest) { this.loadStarters(); this.loadDay(); }
    return undefined;
  }

  async loadStarters() {
    try {
      const reply = await fetch(`/page/starters?language=${getTongue()}`);
      if (reply.ok) { this.offered = await reply.json(); this.paintStarters(); }
    } catch { /* the state says that the server is gone */ }
  }

  paintStarters() {
    this.starters?.replaceChildren(...(this.offered ?? []).map((question) => h("button", { type: "button", onclick: () => this.ask({ q: question }) }, question)));
  }

  get feedback() { return Boolean(this.state?.feedback); }

  paintState() {
    const { state } = this;
    this.classList.toggle("open", this.turns.length > 0);
    if (!state) return;
    const ready = state.state === "ready";
    this.box.disabled = !ready && this.turns.length === 0;
    this.note.textContent = ready ? `${say("private_note")}` : "";
    if (this.turns.length) { this.welcome.replaceChildren(); return; }
    if (!ready) {
      const progress = state.progress;
      const share = progress?.[2] ? progress[1] / progress[2] : null;
      this.welcome.replaceChildren(h("div", { class: `stand ${state.state}` }, icon({ empty: "book", indexing: "retry", unreachable: "warn", lost: "warn" }[state.state]),
        h("h1", {}, say(`state_${state.state}`)), h("p", {}, say(`state_${state.state}_text`)),
        state.state === "empty" && h("pre", { tabindex: "0" }, h("code", {}, /nonmun ingest .*/.exec(state.message)?.[0] ?? "nonmun ingest DIGESTS")),
        progress && h("div", { class: "progress", role: "progressbar", "aria-label": say(`stage_${progress[0]}`), "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": share === null ? undefined : String(Math.round(100 * share)) },
          h("div", { class: share === null ? "unknown" : "", style: share === null ? "" : `width:${Math.round(100 * share)}%` })),
        progress && h("p", { class: "quiet" }, `${say(`stage_${progress[0]}`)}${progress[2] ? ` · ${progress[1].toLocaleString("en-US")} / ${progress[2].toLocaleString("en-US")}` : ""}`),
        state.state === "unreachable" && h("p", {}, say(`store_${state.kind}`)),
        state.state === "unreachable" && h("p", { class: "quiet detail" }, state.message)));
      return;
    }
    this.starters = h("div", { class: "starters", role: "group", "aria-label": say("starters") });
    this.dayPlace = h("section", { class: "day", "aria-label": say("today") });
    this.welcome.replaceChildren(
      h("h1", {}, say("headline")), h("p", { class: "lead" }, say("tagline", { digests: state.digests, papers: state.papers })),
      this.starters, this.dayPlace);
    this.paintStarters();
    this.paintDay();
  }

  // --- The newest digest ---------------------------------------------------------------------------------------------
  async loadDay(when) {
    try {
      const reply = await fetch(`/page/day?language=${getTongue()}${when ? `&when=${when}` : ""}`);
      if (reply.ok) { this.digest = await reply.json(); this.paintDay(); }
    } catch { /* the state says that the server is gone */ }
  }

  showDay() {
    this.startNew();
    this.wholeDay = true;
    this.loadDay().then(() => { this.paintDay(); this.dayPlace?.scrollIntoView({ behavior: "smooth" }); });
  }

  paintDay() {
    const { digest } = this;
    if (!this.dayPlace || !digest?.day) return;
    const few = this.wholeDay ? digest.papers : digest.papers.slice(0, 5);
    this.dayPlace.replaceChildren(
      h("div", { class: "dayhead" }, h("h2", {}, say("today")), h("span", { class: "quiet cut" }, say("day_papers", { day: digest.day, n: digest.papers.length })), h("span", { class: "room" }),
        iconButton("left", say("day_before"), () => this.loadDay(digest.before), { disabled: !digest.before }),
        iconButton("right", say("day_after"), () => this.loadDay(digest.after), { disabled: !digest.after })),
      h("ol", {}, few.map((paper) => h("li", {},
        h("span", { class: "score", title: votes(paper.votes) }, paper.votes === null ? "–" : String(paper.votes), h("span", { class: "sr" }, ` ${votes(paper.votes)}`)),
        h("div", {}, h("a", { href: paper.url, target: "_blank", rel: "noopener noreferrer" }, paper.title), h("p", {}, paper.about[0] ?? "")),
        iconButton("chat", `${say("about_this")}: ${paper.title}`, () => this.ask(asks.explain(paper)))))),
      few.length < digest.papers.length && h("button", { type: "button", class: "small", onclick: () => { this.wholeDay = true; this.paintDay(); } }, say("show_all", { n: digest.papers.length })));
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
      if (!this.filterPanel.hidden) { this.toggleFilters(); this.filterButton.focus(); }
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
    if (before) this.paint(before);
    this.flow.append(turn.el);
    if (this.turns.length === 1) this.paintState();
    this.run(turn);
    turn.el.scrollIntoView({ block: "start" });
  }

  /** Carry a changed plan out in place of what the question itself asks for; a filter that was taken away goes too. */
  rerun(turn, plan) {
    const { start, end, author, votes: least } = this.filters;
    if (!plan.date_from && !plan.date_to && (start || end)) Object.assign(this.filters, { start: "", end: "" });
    if (author && !(plan.authors ?? []).length) this.filters.author = "";
    if (least && plan.min_votes === null) this.filters.votes = "";
    this.paintFilters();
    turn.plan = plan;
    this.run(turn);
  }

  request(turn, extra = {}) {
    const at = this.turns.indexOf(turn);
    const before = this.turns.slice(0, at).filter((one) => one.answer);
    const filters = turn.filters ?? {};
    return {
      question: turn.q, plan: turn.plan, history: before.map((one) => one.q).slice(-HISTORY), previous: before.at(-1)?.answer.plan ?? null,
      filters: turn.plan ? {} : { start: filters.start || null, end: filters.end || null, author: filters.author || "", votes: filters.votes ? Number(filters.votes) : null },
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
      if (!reply.ok) throw Object.assign(new Error(), { code: reply.status === 422 || reply.status === 413 ? "question" : "broken" });
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

  // --- Sets, copies, verdicts ----------------------------------------------------------------------------------------
  async post(path, body) {
    try {
      const reply = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
      if (reply.ok) return reply;
      this.say(say("error_broken"));
    } catch { this.say(say("error_lost")); }
    return null;
  }

  async rows(turn) {
    if (!turn.rows) {
      const reply = await this.post("/page/set", { ...this.request(turn), plan: turn.answer.plan, filters: {}, language: turn.answer.language });
      turn.rows = reply ? await reply.json() : null;
    }
    return turn.rows;
  }

  async exporting(turn, ending) {
    const reply = await this.post(`/page/export/${ending}`, { ...this.request(turn), plan: turn.answer.plan, filters: {}, language: turn.answer.language });
    return reply ? reply.text() : null;
  }

  plainAnswer(turn) {
    const { answer } = turn;
    return `${answer.text}\n\n${answer.citations.map((one) => `[${one.n}] ${one.title} — ${one.url}`).join("\n")}`.trim();
  }

  async copy(text, words) {
    try { await navigator.clipboard.writeText(text); } catch {
      const held = h("textarea", { class: "sr" });
      held.value = text;
      document.body.append(held);
      held.select();
      document.execCommand("copy");
      held.remove();
    }
    this.say(words);
  }

  copyAnswer(turn) { return this.copy(this.plainAnswer(turn), say("copied")); }

  copyLink(turn) { return this.copy(this.linkOf(turn), say("link_copied")); }

  async verdict(turn, word, reason) {
    const { answer } = turn;
    const { history } = this.request(turn);
    const said = { question: turn.q, history, plan: answer.plan, papers: answer.papers, citations: answer.citations.map((one) => one.id), verdict: word, reason, engine: answer.engine, language: answer.language, person: settings.person };
    try {
      const reply = await fetch("/page/verdict", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(said) });
      this.say(say(reply.ok ? "thanks" : "not_kept"));
    } catch { this.say(say("not_kept")); }
  }

  say(words) {
    this.toast.textContent = words;
    this.toast.classList.add("on");
    clearTimeout(this.toastEnds);
    this.toastEnds = setTimeout(() => this.toast.classList.remove("on"), 2_500);
  }

  // --- Filters and the link ------------------------------------------------------------------------------------------
  filtersOf(search) {
    const day = (name) => (/^\d{4}-\d\d-\d\d$/.test(search.get(name) ?? "") ? search.get(name) : "");
    return { start: day("from"), end: day("to"), author: (search.get("author") ?? "").slice(0, 200), votes: /^\d{1,6}$/.test(search.get("votes") ?? "") ? search.get("votes") : "" };
  }

  linkOf(turn) {
    const search = new URLSearchParams();
    if (turn) search.set("q", turn.q);
    const plan = turn?.plan ? JSON.stringify(turn.plan) : "";
    if (plan && plan.length < PLAN_URL) search.set("plan", plan);
    const filters = turn?.filters ?? this.filters;
    for (const [name, value] of [["from", filters.start], ["to", filters.end], ["author", filters.author], ["votes", filters.votes], ["lang", settings.answer === "auto" ? "" : settings.answer]]) if (value) search.set(name, value);
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

  toggleFilters() {
    const open = this.filterPanel.hidden;
    this.filterPanel.hidden = !open;
    this.filterButton.setAttribute("aria-expanded", String(open));
    if (open) { this.paintFilters(); this.filterPanel.querySelector("input").focus(); }
  }

  paintFilters() {
    const { filters } = this;
    const on = [["start", `${say("from")} ${filters.start}`], ["end", `${say("to")} ${filters.end}`], ["author", `${say("author")} ${filters.author}`], ["votes", say("votes", { n: `${filters.votes}+` })]].filter(([name]) => filters[name]);
    this.filterButton.replaceChildren(icon("filter"), on.length ? say("filters_on", { n: on.length }) : say("filters"));
    this.filterButton.classList.toggle("on", on.length > 0);
    const changed = (name, value) => { filters[name] = value; this.paintFilters(); this.address(); };
    this.filterChips.replaceChildren(...on.map(([name, label]) => h("span", { class: "chip" }, h("span", {}, label),
      h("button", { type: "button", class: "x", "aria-label": say("remove", { label }), onclick: () => { changed(name, ""); this.box.focus(); } }, icon("close")))));
    if (this.filterPanel.hidden || this.filterPanel.contains(document.activeElement)) return;
    const field = (name, word, type, more = {}) => h("label", {}, h("span", {}, say(word)), h("input", { type, value: filters[name], onchange: (event) => changed(name, event.target.value.trim()), ...more }));
    const range = { min: this.state?.first, max: this.state?.last };
    const tongue = h("select", { onchange: () => { settings.answer = tongue.value; saveSettings(); this.address(); } }, [["auto", "auto_question"], ["ko", "korean"], ["en", "english"]].map(([value, word]) => h("option", { value, selected: settings.answer === value }, say(word))));
    this.filterPanel.replaceChildren(field("start", "from", "date", range), field("end", "to", "date", range), field("author", "author", "text", { maxlength: "200" }), field("votes", "min_votes", "number", { min: "0" }),
      h("label", {}, h("span", {}, say("answer_language")), tongue),
      h("div", { class: "setbar" }, h("button", { type: "button", class: "small", onclick: () => { Object.assign(filters, { start: "", end: "", author: "", votes: "" }); this.filterButton.focus(); this.toggleFilters(); this.paintFilters(); this.address(); } }, say("reset")),
        h("span", { class: "room" }), h("button", { type: "button", class: "small primary", onclick: () => { this.toggleFilters(); this.box.focus(); } }, say("apply"))));
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
    Object.assign(this, { chat: newChat(), turns: [], shown: null, wholeDay: false });
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

  paintList() {
    this.list.replaceChildren(...(chats.all.length ? chats.all.map((chat) => this.chatRow(chat)) : [h("li", { class: "quiet none" }, say("no_chats"))]));
  }

  chatRow(chat) {
    const title = chat.title || say("untitled");
    const row = h("li", { class: chat === this.chat ? "here" : "" });
    const rename = () => {
      const box = h("input", { type: "text", value: title, maxlength: "80", "aria-label": say("rename"), onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing) done(); if (event.key === "Escape") { event.stopPropagation(); this.paintList(); } }, onblur: () => done() });
      const done = () => { const name = box.value.trim(); if (name && name !== chat.title) { Object.assign(chat, { title: name, named: true }); saveChats(); } this.paintList(); };
      row.replaceChildren(box);
      box.focus();
      box.select();
    };
    const remove = async () => {
      if (!(await this.sure(say("sure_chat")))) return;
      chats.all = chats.all.filter((one) => one !== chat);
      saveChats();
      if (chat === this.chat) this.startNew(); else this.paintList();
    };
    const give = () => download(`nonmun-${say("file_chat")}.md`, chatText(chat, chat === this.chat ? this.turns.filter((turn) => turn.answer).map((turn) => this.plainAnswer(turn)) : null), "text/markdown");
    row.append(h("button", { type: "button", class: "open", "aria-current": chat === this.chat ? "true" : undefined, onclick: () => this.openChat(chat), dir: "auto" }, title),
      h("span", { class: "rowtools" }, iconButton("edit", `${say("rename")}: ${title}`, rename), iconButton("save", `${say("export")}: ${title}`, give), iconButton("trash", `${say("delete")}: ${title}`, remove)));
    return row;
  }

  sure(words) {
    return new Promise((resolve) => {
      const box = h("dialog", { class: "box small-box", onclose: () => { resolve(box.returnValue === "yes"); box.remove(); } },
        h("form", { method: "dialog" }, h("p", {}, words), h("div", { class: "setbar" }, h("span", { class: "room" }), h("button", { value: "no", class: "small" }, say("cancel")), h("button", { value: "yes", class: "small danger" }, say("delete")))));
      this.append(box);
      box.showModal();
    });
  }

  // --- Settings ------------------------------------------------------------------------------------------------------
  openSettings() {
    this.closeDrawers();
    const choice = (name, word, options) => h("fieldset", {}, h("legend", {}, say(word)), h("div", { class: "tabs" }, options.map(([value, label]) => h("label", { class: "pick" },
      h("input", { type: "radio", name, value, checked: settings[name] === value, onchange: () => { settings[name] = value; saveSettings(); if (name === "ui" || name === "theme") { box.close(); this.digest = null; this.rebuild(); this.loadStarters(); this.loadDay(); this.openSettings(); this.querySelector(`dialog input[name=${name}][value=${value}]`)?.focus(); } } }), h("span", {}, label)))));
    const languages = [["ko", say("korean")], ["en", say("english")]];
    const all = async () => { if (await this.sure(say("sure_all"))) { chats.all = []; saveChats(); box.close(); this.startNew(); } };
    const box = h("dialog", { class: "box", "aria-label": say("settings"), onclose: () => box.remove(), onclick: (event) => { if (event.target === box) box.close(); } },
      h("div", { class: "boxin" },
        h("div", { class: "dayhead" }, h("h2", {}, say("settings")), h("span", { class: "room" }), iconButton("close", say("close"), () => box.close())),
        choice("ui", "ui_language", [["auto", say("auto_browser")], ...languages]),
        choice("answer", "answer_language", [["auto", say("auto_question")], ...languages]),
        this.state?.model && choice("engine", "engine", [["auto", say("auto")], ["offline", say("offline")], ["llm", this.state.model]]),
        choice("theme", "theme", [["system", say("system")], ["light", say("light")], ["dark", say("dark")]]),
        h("fieldset", {}, h("legend", {}, say("your_chats")), h("div", { class: "setbar" },
          h("button", { type: "button", class: "small", onclick: () => download("nonmun-chats.json", JSON.stringify(chats.all, null, 1), "application/json") }, say("export_all")),
          h("button", { type: "button", class: "small danger", onclick: all }, say("delete_all")))),
        h("p", { class: "quiet" }, say("private_note"))));
    this.append(box);
    box.showModal();
  }
}

customElements.define("nonmun-page", Page);
