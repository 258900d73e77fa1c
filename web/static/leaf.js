/** What stands in the place of a conversation: the page of a paper, the saved papers, or the followed questions. */
import { newChat } from "./chat_store.js";
import { h } from "./dom.js";
import { followedPage, loadNews } from "./followed_page.js";
import { loadFollowed } from "./followed_store.js";
import { loadPaper } from "./paper_page.js";
import { savedPage } from "./saved_page.js";
import { say } from "./strings.js";

export class Leaf {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    this.el = h("div", { class: "leaf" });
  }

  /** Show what an address names.
   * @param {{ paper?: string, followed?: string }} named the id of a paper, or the name of a followed question ("": all of
   *   them); without either the saved papers are shown
   */
  async show(named) {
    const { page } = this;
    page.begin(newChat(history.state?.chat));
    const { chat } = page;
    const { title, content } = await this.load(named);
    if (page.chat !== chat || page.conversation.turns.length) return;
    this.el.replaceChildren(content);
    page.classList.add("leafing");
    document.title = `${title} · 논문 Nonmun`;
  }

  /** Show again what the address names, as it is now. The focus stays at its place. */
  async renew() {
    const places = () => [
      .../** @type {NodeListOf<HTMLElement>} */ (this.el.querySelectorAll("a, button, input, textarea")),
    ];
    const at = places().indexOf(/** @type {HTMLElement} */ (document.activeElement));
    await this.page.follow();
    places()[at]?.focus();
  }

  /** @param {{ paper?: string, followed?: string }} named
   * @returns {Promise<{ title: string, content: HTMLElement }>}
   */
  async load({ paper, followed }) {
    const { page } = this;
    if (paper) return loadPaper(page, paper);
    if (followed) return loadNews(page, followed);
    if (followed === undefined) return { title: say("saved"), content: savedPage(page) };
    await loadFollowed();
    return { title: say("followed"), content: followedPage(page) };
  }

  close() {
    this.el.replaceChildren();
    this.page.classList.remove("leafing");
  }
}
