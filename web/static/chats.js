/** The list of earlier chats: open, rename, export, delete. */
import { h, iconButton } from "./dom.js";
import { answerText, chatText, download } from "./export.js";
import { chats, saveChats } from "./storage.js";
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

/** @param {import("./page.js").Page} page @param {Chat} chat */
const chatRow = (page, chat) => {
  const title = chat.title || say("untitled");
  const row = h("li", { class: chat === page.chat ? "here" : "" });
  const rename = () => {
    const box = h("input", {
      type: "text",
      value: title,
      maxlength: "80",
      "aria-label": say("rename"),
      onkeydown: (event) => {
        if (event.key === "Enter" && !event.isComposing) done();
        if (event.key === "Escape") {
          event.stopPropagation();
          page.paintList();
        }
      },
      onblur: () => done(),
    });
    const done = () => {
      const name = box.value.trim();
      if (name && name !== chat.title) {
        Object.assign(chat, { title: name, named: true });
        saveChats();
      }
      page.paintList();
    };
    row.replaceChildren(box);
    box.focus();
    box.select();
  };
  const remove = async () => {
    if (!(await confirmDelete(page, say("sure_chat")))) return;
    chats.all = chats.all.filter((one) => one !== chat);
    saveChats();
    if (chat === page.chat) page.startNew();
    else page.paintList();
  };
  const save = () => {
    const turns = page.conversation.turns.filter((turn) => turn.answer);
    const answers = chat === page.chat ? turns.map((turn) => answerText(turn.answer)) : null;
    download(`nonmun-${say("file_chat")}.md`, chatText(chat, answers), "text/markdown");
  };
  row.append(
    h(
      "button",
      {
        type: "button",
        class: "open",
        "aria-current": chat === page.chat ? "true" : undefined,
        onclick: () => page.openChat(chat),
        dir: "auto",
      },
      title,
    ),
    h(
      "span",
      { class: "rowtools" },
      iconButton("edit", `${say("rename")}: ${title}`, rename),
      iconButton("save", `${say("export")}: ${title}`, save),
      iconButton("trash", `${say("delete")}: ${title}`, remove),
    ),
  );
  return row;
};

/** Build the rows of all chats.
 * @param {import("./page.js").Page} page
 */
export const chatRows = (page) =>
  chats.all.length ? chats.all.map((chat) => chatRow(page, chat)) : [h("li", { class: "quiet none" }, say("no_chats"))];
