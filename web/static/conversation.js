/** The conversation: questions are asked, answers stream in, and each turn is painted as it changes. */
import { findChat, keepTurn } from "./chat_store.js";
import { h } from "./dom.js";
import { filtersToSend, filtersWithin } from "./filters.js";
import { openQuestionEditor } from "./question_editor.js";
import { postJson } from "./server.js";
import { newId, settings } from "./storage.js";
import { say } from "./strings.js";
import { paintNext, paintTurn, paintVersions } from "./turn.js";

const HISTORY = 20; // earlier questions that go with a new one

export class Conversation {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Turn[]} */
    this.turns = [];
    /** @type {{ turn: Turn, abort: AbortController } | null} */
    this.running = null;
  }

  /** Ask a question as a new turn.
   * @param {{ q: string, plan?: Plan | null }} question
   */
  ask({ q, plan = null }) {
    if (this.running) this.stop();
    this.page.closeDrawers();
    this.page.leaf.close();
    const before = this.turns.at(-1);
    const { chat, filters } = this.page;
    const turn = newTurn({ q, plan, filters: { ...filters }, before: before?.id ?? null, chat });
    this.turns.push(turn);
    this.page.flow.append(turn.el);
    if (this.turns.length === 1) this.page.paintState();
    const answered = this.run(turn); // sent before anything else is done
    if (before) {
      before.last = false;
      for (const part of before.el.querySelectorAll(".next")) part.remove();
    }
    keepTurn(chat, turn, Date.now());
    this.page.updateAddress(true);
    this.page.fitRoom(); // the question box may just have become smaller
    turn.el.scrollIntoView({ block: "start" });
    return answered;
  }

  /** Ask the questions of a link one after the other.
   * @param {{ q: string, plan: Plan | null }[]} questions
   */
  async askAll(questions) {
    const { chat, filters } = this.page;
    for (const [at, question] of questions.entries()) {
      const isLast = at === questions.length - 1;
      if (this.page.chat !== chat) return;
      this.page.filters = isLast ? filters : {};
      const answered = this.ask(question);
      this.page.filters = filters;
      if (!isLast) await answered;
    }
  }

  /** Show kept turns, and answer those that have no answer yet.
   * @param {Turn[]} turns
   */
  async show(turns) {
    this.turns = turns;
    for (const turn of turns) {
      this.page.flow.append(turn.el);
      this.paint(turn);
    }
    this.page.fitRoom();
    this.page.sources.show(turns.at(-1) ?? null, false);
    for (const turn of turns) {
      if (this.turns !== turns) return;
      if (!turn.answer && !turn.stopped) await this.run(turn);
    }
  }

  /** Answer anew what the server did not answer while it could not be reached. */
  async askLost() {
    const { turns } = this;
    for (const turn of turns.filter((one) => one.error?.code === "lost")) {
      if (this.turns !== turns || this.running) return;
      await this.run(turn);
    }
  }

  /** Answer a question by a changed plan. Filters that the plan no longer holds are removed as well.
   * @param {Turn} turn
   * @param {Plan} plan
   */
  rerun(turn, plan) {
    this.page.filterBox.set(filtersWithin(plan, this.page.filters));
    turn.filters = filtersWithin(plan, turn.filters ?? {});
    turn.plan = plan;
    turn.edited = true;
    this.run(turn);
  }

  /** Return what the server needs for a turn: the question, and what came before it.
   * @param {Turn} turn
   */
  requestOf(turn) {
    const before = this.turns.slice(0, this.turns.indexOf(turn)).filter((one) => one.answer);
    return {
      question: turn.q,
      plan: turn.plan,
      history: before.map((one) => one.q).slice(-HISTORY),
      previous: before.at(-1)?.answer.plan ?? null,
      filters: turn.plan ? {} : filtersToSend(turn.filters ?? {}),
      language: settings.answer,
      engine: this.page.state?.model ? settings.engine : "auto",
      person: settings.person,
    };
  }

  /** Send a turn's question and show its answer as it comes.
   * @param {Turn} turn
   * @param {{ engine?: string }} [changes] fields of the request to change
   */
  async run(turn, changes = {}) {
    if (this.running) this.stop();
    const abort = new AbortController();
    this.running = { turn, abort };
    const request = { ...this.requestOf(turn), ...changes };
    Object.assign(turn, { answer: null, error: null, next: null, rows: null, view: null });
    Object.assign(turn, { running: true, stopped: false, text: "", arrived: true });
    this.page.showBusy(true);
    this.paint(turn);
    try {
      const reply = await postJson("/page/ask", request, abort.signal);
      if (reply.status === 401) {
        location.reload();
        return;
      }
      this.page.connection.seen();
      if (!reply.ok) throw new RefusedError((await reply.json().catch(() => ({}))).code);
      await this.readLines(turn, reply.body.getReader());
    } catch (error) {
      this.fail(turn, error);
    }
    if (turn.running) this.end(turn); // the stream ended without an answer, or in the middle of one
  }

  /** Keep why a turn failed, unless its answer is complete.
   * @param {Turn} turn
   * @param {unknown} error
   */
  fail(turn, error) {
    if (!turn.running) return;
    if (error instanceof DOMException && error.name === "AbortError") {
      turn.stopped = true;
      return;
    }
    turn.error = { code: error instanceof RefusedError ? error.code : "lost" };
    turn.answer = null;
    if (turn.error.code === "lost") this.page.connection.check();
  }

  /** Read the lines of a streamed answer.
   * @param {Turn} turn
   * @param {ReadableStreamDefaultReader<Uint8Array>} reader
   */
  async readLines(turn, reader) {
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop();
      for (const line of lines) this.take(turn, JSON.parse(line));
    }
  }

  /** Take one line of a streamed answer.
   * @param {Turn} turn
   * @param {any} line
   */
  take(turn, { type, ...values }) {
    if (type === "draft") {
      turn.answer = values;
      this.paint(turn);
      this.page.sources.show(turn, false);
    } else if (type === "text") {
      this.takeText(turn, values.html);
    } else if (type === "answer") {
      Object.assign(turn, { answer: values, running: false, stopped: false });
      this.settle(turn);
    } else if (type === "error") {
      Object.assign(turn, { error: values, running: false });
      this.settle(turn);
    } else if (type === "next") {
      turn.next = values.questions;
      if (this.isKept(turn)) keepTurn(turn.chat, turn);
      if (turn.last) paintNext(turn, this.page);
    }
  }

  /** Show what a model has written so far.
   * @param {Turn} turn
   * @param {string} html
   */
  takeText(turn, html) {
    turn.text = html;
    const { prose } = turn;
    if (prose?.isConnected && prose.classList.contains("prose")) prose.innerHTML = html;
    else this.paint(turn);
  }

  /** Stop the answer that is on its way. */
  stop() {
    const { running } = this;
    if (!running) return;
    running.abort.abort();
    running.turn.stopped = true;
    this.end(running.turn);
  }

  /** Leave the conversation. An answer that is on its way is asked for again when the reader comes back. */
  leave() {
    const { running } = this;
    this.turns = [];
    this.running = null;
    if (!running) return;
    running.turn.running = false;
    running.abort.abort();
    this.page.showBusy(false);
  }

  /** End a turn with what has come so far.
   * @param {Turn} turn
   */
  end(turn) {
    turn.running = false;
    if (turn.answer && turn.text) turn.answer = { ...turn.answer, html: turn.text };
    this.settle(turn);
  }

  /** Show a turn that has ended, announce it and keep it.
   * @param {Turn} turn
   */
  settle(turn) {
    if (this.running?.turn === turn) this.running = null;
    this.paint(turn);
    turn.arrived = false;
    const afterPaint = async () => {
      const isHere = this.turns.includes(turn);
      if (isHere) this.page.sources.show(turn, false);
      if (isHere && turn.answer) {
        this.page.announce(say("answered", { n: turn.answer.count, m: turn.answer.citations.length }));
      }
      if (isHere) this.page.updateAddress();
      const hasEnded = Boolean(turn.answer || turn.stopped);
      if (hasEnded && this.isKept(turn)) await keepTurn(turn.chat, turn); // the page is busy until nothing can be lost
      if (!this.running) this.page.showBusy(false);
    };
    requestAnimationFrame(() => setTimeout(afterPaint)); // the words are on the screen before the rest is built
  }

  /** Whether the chat of a turn is still kept; a reader may have left it, or deleted it.
   * @param {Turn} turn
   */
  isKept(turn) {
    return Boolean(findChat(turn.chat.id));
  }

  /** Paint a turn anew. The focus moves to the question box if it was inside.
   * @param {Turn} turn
   */
  paint(turn) {
    turn.last = this.turns.at(-1) === turn;
    const hadFocus = turn.el.contains(document.activeElement);
    paintTurn(turn, this.page);
    if (hadFocus) this.page.box?.focus({ preventScroll: true });
  }

  /** Show which other versions of the questions there are. */
  paintVersions() {
    for (const turn of this.turns) paintVersions(turn, this.page);
  }

  /** Paint all turns into an empty place. */
  paintAll() {
    for (const turn of this.turns) {
      turn.el = h("section", { class: "turn" });
      this.page.flow.append(turn.el);
      this.paint(turn);
    }
  }

  /** Let the reader change a question in its place. The earlier version stays, with what followed it.
   * @param {Turn} turn
   * @param {HTMLElement} place
   */
  edit(turn, place) {
    const ask = (q) => {
      if (this.running) this.stop();
      const at = this.turns.indexOf(turn);
      for (const gone of this.turns.slice(at)) gone.el.remove();
      this.turns = this.turns.slice(0, at);
      this.ask({ q });
    };
    openQuestionEditor(place, turn.q, { ask, cancel: () => this.paint(turn) });
  }

  /** Find the turn that an element belongs to.
   * @param {Element} node
   */
  turnOf(node) {
    return this.turns.find((turn) => turn.el.contains(node));
  }
}

/** The server refused a question; its code names the text for the reader. */
class RefusedError extends Error {
  /** @param {string | undefined} code */
  constructor(code) {
    super(code);
    this.code = code ?? "broken";
  }
}

/** Make a turn with a place on the page.
 * @param {Partial<Turn> & { q: string }} values
 * @returns {Turn}
 */
export const newTurn = (values) => ({
  id: newId(),
  before: null,
  asked: Date.now(),
  plan: null,
  filters: null,
  ...values,
  el: h("section", { class: "turn" }),
});
