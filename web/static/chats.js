/** The list of earlier chats: open, rename, take along, delete. */
import { download, h, iconButton } from "./dom.js";
import { chats, chatText, saveChats } from "./storage.js";
import { say } from "./strings.js";

/** Ask whether something may go for good. */
export const sure = (page, words) =>
  new Promise((resolve) => {
    const box = h("dialog", { class: "box small-box", onclose: () => { resolve(box.returnValue === "yes"); box.remove(); } },
      h("form", { method: "dialog" }, h("p", {}, words), h("div", { class: "setbar" }, h("span", { class: "room" }), h("button", { value: "no", class: "small" }, say("cancel")), h("button", { value: "yes", class: "small danger" }, say("delete")))));
    page.append(box);
    box.showModal();
  });

const chatRow = (page, chat) => {
  const title = chat.title || say("untitled");
  const row = h("li", { class: chat === page.chat ? "here" : "" });
  const rename = () => {
    const box = h("input", { type: "text", value: title, maxlength: "80", "aria-label": say("rename"), onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing) done(); if (event.key === "Escape") { event.stopPropagation(); page.paintList(); } }, onblur: () => done() });
    const done = () => { const name = box.value.trim(); if (name && name !== chat.title) { Object.assign(chat, { title: name, named: true }); saveChats(); } page.paintList(); };
    row.replaceChildren(box);
    box.focus();
    box.select();
  };
  const remove = async () => {
    if (!(await sure(page, say("sure_chat")))) return;
    chats.all = chats.all.filter((one) => one !== chat);
    saveChats();
    if (chat === page.chat) page.startNew(); else page.paintList();
  };
  const give = () => download(`nonmun-${say("file_chat")}.md`, chatText(chat, chat === page.chat ? page.turns.filter((turn) => turn.answer).map((turn) => page.out.plain(turn)) : null), "text/markdown");
  row.append(h("button", { type: "button", class: "open", "aria-current": chat === page.chat ? "true" : undefined, onclick: () => page.openChat(chat), dir: "auto" }, title),
    h("span", { class: "rowtools" }, iconButton("edit", `${say("rename")}: ${title}`, rename), iconButton("save", `${say("export")}: ${title}`, give), iconButton("trash", `${say("delete")}: ${title}`, remove)));
  return row;
};

export const chatRows = (page) => (chats.all.length ? chats.all.map((chat) => chatRow(page, chat)) : [h("li", { class: "quiet none" }, say("no_chats"))]);
