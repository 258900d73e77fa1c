/** The settings, in a dialog. */
import { deleteAllChats } from "./chat_store.js";
import { isOnServer } from "./chat_sync.js";
import { confirmDelete } from "./chats.js";
import { openBox } from "./dialog.js";
import { h } from "./dom.js";
import { exportAllChats } from "./export.js";
import { saveSettings, settings } from "./storage.js";
import { say } from "./strings.js";

/** @typedef {import("./page.js").Page} Page */

const REBUILDS = ["ui", "theme"]; // settings that change the whole page

/** Build the choice of one setting.
 * @param {string} name
 * @param {string} title
 * @param {[string, string][]} options value and label each
 * @param {(name: string, value: string) => void} choose
 */
const choice = (name, title, options, choose) => {
  const buttons = options.map(([value, label]) => {
    const checked = settings[name] === value;
    const input = h("input", { type: "radio", name, value, checked, onchange: () => choose(name, value) });
    return h("label", { class: "pick" }, input, h("span", {}, label));
  });
  return h("fieldset", {}, h("legend", {}, title), h("div", { class: "tabs" }, buttons));
};

/** Build all choices.
 * @param {Page} page
 * @param {(name: string, value: string) => void} choose
 */
const choices = (page, choose) => {
  /** @type {[string, string][]} */
  const languages = [
    ["ko", say("korean")],
    ["en", say("english")],
  ];
  const model = page.state?.model;
  /** @type {[string, string][]} */
  const engines = [
    ["auto", say("auto")],
    ["offline", say("offline")],
    ["llm", model],
  ];
  /** @type {[string, string][]} */
  const themes = [
    ["system", say("system")],
    ["light", say("light")],
    ["dark", say("dark")],
  ];
  return [
    choice("ui", say("ui_language"), [["auto", say("auto_browser")], ...languages], choose),
    choice("answer", say("answer_language"), [["auto", say("auto_question")], ...languages], choose),
    model && choice("engine", say("engine"), engines, choose),
    choice("theme", say("theme"), themes, choose),
  ];
};

/** Build the buttons that export or delete all chats.
 * @param {Page} page
 * @param {() => void} close
 */
const chatButtons = (page, close) => {
  const deleteAll = async () => {
    if (!(await confirmDelete(page, say("sure_all")))) return;
    await deleteAllChats();
    close();
    page.startNew();
  };
  const buttons = [
    h("button", { type: "button", class: "small", onclick: exportAllChats }, say("export_all")),
    h("button", { type: "button", class: "small danger", onclick: deleteAll }, say("delete_all")),
  ];
  return h("fieldset", {}, h("legend", {}, say("your_chats")), h("div", { class: "setbar" }, buttons));
};

/** Open the dialog.
 * @param {Page} page
 */
export const openSettings = (page) => {
  const close = () => box.close();
  const choose = (name, value) => {
    settings[name] = value;
    saveSettings();
    if (!REBUILDS.includes(name)) return;
    close();
    page.rebuild();
    openSettings(page);
    /** @type {HTMLInputElement | null} */
    const chosen = page.querySelector(`dialog input[name=${name}][value=${value}]`);
    chosen?.focus();
  };
  const box = openBox(
    page,
    say("settings"),
    "#settings",
    choices(page, choose),
    chatButtons(page, close),
    h("p", { class: "quiet" }, say(isOnServer ? "kept_note" : "private_note")),
  );
  box.addEventListener("click", (event) => {
    if (event.target === box) close(); // beside the box
  });
};
