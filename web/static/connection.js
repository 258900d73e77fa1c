/** The connection to the server. A page whose server is gone says so at once and goes on by itself once it is back. */
import { loadFollowed } from "./followed_store.js";
import { meetReader } from "./reader.js";

const AGAIN = 2_000; // milliseconds until a server that cannot answer is asked again
const LATER = 10_000; // milliseconds until one that can is
const PATIENCE = 20_000; // milliseconds that it may take to say how it is

export class Connection {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    /** Resolves once the server has said how it is, or has not answered. */
    this.first = new Promise((/** @type {(value?: any) => void} */ resolve) => (this.hasAnswered = resolve));
    /** Resolves once questions can be asked. */
    this.ready = new Promise((/** @type {(value?: any) => void} */ resolve) => (this.becomesReady = resolve));
    for (const name of ["online", "offline", "focus"]) addEventListener(name, () => this.check());
    document.addEventListener("visibilitychange", () => this.check());
  }

  /** Ask the server how it is, unless it is being asked. */
  async check() {
    clearTimeout(this.next);
    if (this.asking) return;
    this.asking = true;
    const { state } = await this.read();
    this.asking = false;
    this.hasAnswered();
    const isReady = state === "ready";
    if (isReady) this.becomesReady();
    clearTimeout(this.next);
    if (document.visibilityState === "visible" || !isReady)
      this.next = setTimeout(() => this.check(), isReady ? LATER : AGAIN);
  }

  async read() {
    const before = this.page.state;
    try {
      const reply = await fetch("/page/state", { signal: AbortSignal.timeout(PATIENCE) });
      if (reply.status === 401) location.reload();
      if (reply.ok) this.page.state = await reply.json();
    } catch {
      this.page.state = { ...before, state: "lost" };
    }
    const { state } = this.page;
    if (!state) return { state: "lost" };
    if (before?.state !== state.state || state.state === "indexing") this.page.paintState();
    if (state.state === "ready") this.isReady(before);
    return state;
  }

  /** Go on where questions can be asked, and show what is new in the index.
   * @param {IndexState | null} before how the server was
   */
  isReady(before) {
    const { page } = this;
    if (before?.state === "lost") page.conversation.askLost();
    meetReader(page);
    if (before?.index === page.state.index) return;
    if (page.follows) loadFollowed();
    if (before?.index) page.welcome.renew();
  }

  /** The server has answered something: what was said of it is out of date. */
  seen() {
    if (this.page.state?.state === "lost") this.check();
  }
}
