/** What leaves the page: rows and files of a set, copies, verdicts. */
import { h } from "./dom.js";
import { settings } from "./storage.js";
import { say } from "./strings.js";

export class Out {
  constructor(page) { this.page = page; }

  async post(path, body) {
    try {
      const reply = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
      if (reply.ok) return reply;
      const { code } = await reply.json().catch(() => ({}));
      this.page.say(say(`error_${code ?? "broken"}`));
    } catch { this.page.say(say("error_lost")); }
    return null;
  }

  /** The set of an answer's plan, as it stands. */
  set(turn, path) {
    return this.post(path, { ...this.page.request(turn), plan: turn.answer.plan, filters: {}, language: turn.answer.language });
  }

  async rows(turn) {
    turn.rows ??= await (await this.set(turn, "/page/set"))?.json() ?? null;
    return turn.rows;
  }

  async file(turn, ending) {
    return (await this.set(turn, `/page/export/${ending}`))?.text() ?? null;
  }

  plain(turn) {
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
    this.page.say(words);
  }

  async verdict(turn, word, reason) {
    const { answer } = turn;
    const { history } = this.page.request(turn);
    const said = { question: turn.q, history, plan: answer.plan, papers: answer.papers, citations: answer.citations.map((one) => one.id), verdict: word, reason, engine: answer.engine, language: answer.language, person: settings.person };
    try {
      const reply = await fetch("/page/verdict", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(said) });
      this.page.say(say(reply.ok ? "thanks" : reply.status === 429 ? "too_many_verdicts" : "not_kept"));
    } catch { this.page.say(say("not_kept")); }
  }
}
