/** The list of earlier chats: find, open, pin, rename, export, delete. */
import { answersOf, changeChat, chats, deleteChat } from "./chat_store.js";
import { isOnServer } from "./chat_sync.js";
import { h, iconButton } from "./dom.js";
import { chatText, download } from "./export.js";
import { say } from "./strings.js";

/** Ask whether something may be deleted for good.
 * @param {HTMLElement} page
 * @param {string} words
 * @returns {Promise<boolean>}
 */
export const confirmDelete = (page, words) =>
  new Promise((resolve) => {
    const box = h(
      "dialog",
      {
        class: "box small-box",
        onclose: () => {
          resolve(box.returnValue === "yes");
          box.remove();
        },
      },
      h(
        "form",
        { method: "dialog" },
        h("p", {}, words),
        h(
          "div",
          { class: "setbar" },
          h("span", { class: "room" }),
          h("button", { value: "no", class: "small" }, say("cancel")),
          h("button", { value: "yes", class: "small danger" }, say("delete")),
        ),
      ),
    );
    page.append(box);
    box.showModal();
  });

/** Tell whether a click opens a link in this tab.
 * @param {MouseEvent} event
 */
export const isPlainClick = (event) => !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.button;

const emptyWord = isOnServer ? "kept_note" : "no_chats";

export class ChatList {
  /**
   * @param {import("./page.js").Page} page
   * @param {string} search
   */
  constructor(page, search) {
    this.page = page;
    this.search = search;
    this.rows = h("ul", { class: "chatlist" });
    const find = (event) => {
      this.search = event.target.value;
      this.paint(chats.all);
    };
    const label = say("search_chats");
    this.box = h("input", { type: "search", value: search, placeholder: label, "aria-label": label, oninput: find });
    this.el = h("nav", { "aria-label": say("chats") }, h("h2", {}, say("chats")), this.box, this.rows);
  }

  /** Paint the list; not while a name is being typed.
   * @param {Chat[]} all
   */
  paint(all) {
    this.box.hidden = !all.length;
    if (this.rows.querySelector("input")) return;
    const focused = this.rows.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    const wanted = this.search.trim().toLowerCase();
    const textOf = (chat) => [chat.title, ...chat.turns.map((turn) => turn.q)].join("\n").toLowerCase();
    const found = wanted ? all.filter((chat) => textOf(chat).includes(wanted)) : all;
    const none = say(all.length ? "no_such_chat" : emptyWord);
    const rows = found.map((chat) => this.row(chat));
    this.rows.replaceChildren(...(rows.length ? rows : [h("li", { class: "quiet none" }, none)]));
    /** @type {HTMLElement} */ (
      focused ? this.rows.querySelector(`[aria-label="${CSS.escape(focused)}"]`) : null
    )?.focus();
  }

  /** @param {Chat} chat */
  row(chat) {
    const { page } = this;
    const title = chat.title || say("untitled");
    const isHere = chat === page.chat;
    const open = (event) => {
      if (!isPlainClick(event)) return;
      event.preventDefault();
      page.openChat(chat);
    };
    const link = { class: "open", href: `/#/c/${chat.id}`, dir: "auto", title, onclick: open };
    const row = h("li", { class: isHere ? "here" : "" });
    const pin = () => {
      const isPinned = !chat.pinned;
      changeChat(chat, (one) => (one.pinned = isPinned));
    };
    const pinned = { "aria-pressed": String(Boolean(chat.pinned)) };
    row.append(
      h("a", { ...link, "aria-current": isHere ? "true" : undefined }, title),
      h(
        "span",
        { class: "rowtools" },
        iconButton("pin", `${say("pin")}: ${title}`, pin, pinned),
        iconButton("edit", `${say("rename")}: ${title}`, () => this.rename(chat, row)),
        iconButton("save", `${say("export")}: ${title}`, () => this.save(chat)),
        iconButton("trash", `${say("delete")}: ${title}`, () => this.remove(chat)),
      ),
    );
    return row;
  }

  /** Let the reader type a name in the place of a row.
   * @param {Chat} chat
   * @param {HTMLElement} row
   */
  rename(chat, row) {
    const before = chat.title || say("untitled");
    const done = (name) => {
      if (!box.isConnected) return;
      box.remove();
      if (name && name !== chat.title) changeChat(chat, (one) => Object.assign(one, { title: name, named: true }));
      this.paint(chats.all);
      this.page.paintTitle();
    };
    const typed = (event) => {
      if (event.key === "Enter" && !event.isComposing) done(box.value.trim());
      if (event.key !== "Escape") return;
      event.stopPropagation();
      done("");
    };
    const blurred = () => done(box.value.trim());
    const label = { "aria-label": say("rename"), maxlength: "80" };
    const box = h("input", { type: "text", value: before, ...label, onkeydown: typed, onblur: blurred });
    row.replaceChildren(box);
    box.focus();
    box.select();
  }

  /** @param {Chat} chat */
  async remove(chat) {
    if (!(await confirmDelete(this.page, say("sure_chat")))) return;
    await deleteChat(chat);
    if (chat === this.page.chat) this.page.startNew();
  }

  /** @param {Chat} chat */
  async save(chat) {
    download(`nonmun-${say("file_chat")}.md`, chatText(chat, await answersOf(chat)), "text/markdown");
  }
}
