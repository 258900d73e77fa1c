/** The strip above the conversation: the server is gone, or this browser keeps no more chats. */
import { chats } from "./chat_store.js";
import { h, icon } from "./dom.js";
import { exportAllChats } from "./export.js";
import { say } from "./strings.js";

export class Strip {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    this.el = h("div", { class: "strip", role: "status" });
  }

  paint() {
    const isLost = this.page.state?.state === "lost" && this.page.conversation.turns.length > 0;
    const lines = [];
    if (isLost) lines.push([say("strip_lost")]);
    if (chats.full) {
      const save = h("button", { type: "button", class: "small", onclick: exportAllChats }, say("export_all"));
      lines.push([say("strip_full"), save]);
    }
    const key = `${isLost} ${chats.full}`;
    if (this.painted === key) return;
    this.painted = key;
    this.el.replaceChildren(
      ...lines.map(([words, ...rest]) => h("p", {}, icon("warn"), h("span", {}, words), ...rest)),
    );
  }
}
