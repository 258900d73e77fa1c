/** Requests to the server about an answer: the papers of its set, files to export, a reader's verdict. */
import { say } from "./strings.js";
import { settings } from "./storage.js";

const PATIENCE = 30_000; // milliseconds that a set may take

/** Send a JSON body.
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 */
export const postJson = (path, body, signal) =>
  fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal });

/** Get a JSON value; null if the server does not answer. The state of the index then says so.
 * @param {string} path
 */
export const getJson = async (path) => {
  try {
    const reply = await fetch(path);
    return reply.ok ? await reply.json() : null;
  } catch {
    return null;
  }
};

export class Server {
  /**
   * @param {import("./conversation.js").Conversation} conversation
   * @param {(message: string) => void} notify
   */
  constructor(conversation, notify) {
    this.conversation = conversation;
    this.notify = notify;
  }

  /** Ask for the set of an answer's plan, as the plan stands.
   * @param {Turn} turn
   * @param {string} path
   * @param {Record<string, any>} [more] fields of the request
   */
  async requestSet(turn, path, more = {}) {
    const request = {
      ...this.conversation.requestOf(turn),
      plan: turn.answer.plan,
      filters: {},
      language: turn.answer.language,
      ...more,
    };
    try {
      const reply = await postJson(path, request, AbortSignal.timeout(PATIENCE));
      if (reply.ok) return reply;
      const { code } = await reply.json().catch(() => ({}));
      this.notify(say(`error_${code ?? "broken"}`));
    } catch {
      this.notify(say("error_lost"));
    }
    return null;
  }

  /** Return the rows of an answer's set, which are asked for once; null if they do not come.
   * @param {Turn} turn
   * @returns {Promise<Row[] | null>}
   */
  async rowsOf(turn) {
    const reply = turn.rows ? null : await this.requestSet(turn, "/page/set");
    if (reply) turn.rows = await reply.json().catch(() => null);
    return turn.rows ?? null;
  }

  /** Return an answer's set as the text of a file.
   * @param {Turn} turn
   * @param {string} ending bib, md or csv
   * @param {string[] | null} papers those that are shown, in their order; null for all
   */
  async exportOf(turn, ending, papers) {
    const reply = await this.requestSet(turn, `/page/export/${ending}`, { papers });
    return (await reply?.blob()) ?? null;
  }

  /** Send a verdict on an answer; tells whether it was kept.
   * @param {Turn} turn
   * @param {"up" | "down"} verdict
   * @param {string} reason
   */
  async sendVerdict(turn, verdict, reason) {
    const { answer } = turn;
    const body = {
      question: turn.q,
      history: this.conversation.requestOf(turn).history,
      plan: answer.plan,
      papers: answer.papers,
      citations: answer.citations.map((citation) => citation.id),
      verdict,
      reason,
      engine: answer.engine,
      language: answer.language,
      person: settings.person,
    };
    try {
      const reply = await postJson("/page/verdict", body);
      const outcome = reply.status === 429 ? "too_many_verdicts" : "not_kept";
      this.notify(say(reply.ok ? "thanks" : outcome));
      return reply.ok;
    } catch {
      this.notify(say("not_kept"));
      return false;
    }
  }
}
