/** What stands in the place of a conversation: the page of a paper, or the saved papers. */
import { newChat } from "./chat_store.js";
import { h } from "./dom.js";
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
   * @param {string | undefined} paper the id of a paper; without one the saved papers are shown
   */
  async show(paper) {
    const { page } = this;
    page.begin(newChat(history.state?.chat));
    const { chat } = page;
    const { title, content } = paper ? await loadPaper(page, paper) : { title: say("saved"), content: savedPage(page) };
    if (page.chat !== chat || page.conversation.turns.length) return;
    this.el.replaceChildren(content);
    page.classList.add("leafing");
    document.title = `${title} · 논문 Nonmun`;
  }

  close() {
    this.el.replaceChildren();
    this.page.classList.remove("leafing");
  }
}
