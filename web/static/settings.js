/** The settings, in a box over the page. */
import { download, h, iconButton } from "./dom.js";
import { chats, saveChats, saveSettings, settings } from "./storage.js";
import { sure } from "./chats.js";
import { say } from "./strings.js";

export const openSettings = (page) => {
  page.closeDrawers();
  const choose = (name, value) => {
    settings[name] = value;
    saveSettings();
    if (name !== "ui" && name !== "theme") return;
    box.close();
    page.rebuild();
    openSettings(page);
    page.querySelector(`dialog input[name=${name}][value=${value}]`)?.focus();
  };
  const choice = (name, word, options) => h("fieldset", {}, h("legend", {}, say(word)), h("div", { class: "tabs" }, options.map(([value, label]) => h("label", { class: "pick" },
    h("input", { type: "radio", name, value, checked: settings[name] === value, onchange: () => choose(name, value) }), h("span", {}, label)))));
  const languages = [["ko", say("korean")], ["en", say("english")]];
  const all = async () => { if (await sure(page, say("sure_all"))) { chats.all = []; saveChats(); box.close(); page.startNew(); } };
  const box = h("dialog", { class: "box", "aria-label": say("settings"), onclose: () => box.remove(), onclick: (event) => { if (event.target === box) box.close(); } },
    h("div", { class: "boxin" },
      h("div", { class: "dayhead" }, h("h2", {}, say("settings")), h("span", { class: "room" }), iconButton("close", say("close"), () => box.close())),
      choice("ui", "ui_language", [["auto", say("auto_browser")], ...languages]),
      choice("answer", "answer_language", [["auto", say("auto_question")], ...languages]),
      page.state?.model && choice("engine", "engine", [["auto", say("auto")], ["offline", say("offline")], ["llm", page.state.model]]),
      choice("theme", "theme", [["system", say("system")], ["light", say("light")], ["dark", say("dark")]]),
      h("fieldset", {}, h("legend", {}, say("your_chats")), h("div", { class: "setbar" },
        h("button", { type: "button", class: "small", onclick: () => download("nonmun-chats.json", JSON.stringify(chats.all, null, 1), "application/json") }, say("export_all")),
        h("button", { type: "button", class: "small danger", onclick: all }, say("delete_all")))),
      h("p", { class: "quiet" }, say("private_note"))));
  page.append(box);
  box.showModal();
};
