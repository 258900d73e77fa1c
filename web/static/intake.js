/** Adding digests: files or a folder of the reader's own, or a folder of the server; progress, and what failed. */
import { h, icon, iconButton } from "./dom.js";
import { getJson, postJson } from "./server.js";
import { hasText, say } from "./strings.js";

/** @typedef {import("./page.js").Page} Page */

const AGAIN = 500; // milliseconds between two looks at the progress
const LARGEST = 320 * 1024; // bytes of a request that the server takes
const ENDINGS = [".md", ".markdown", ".mdx", ".txt"];

/** Read the files of what was dropped, those of folders with their paths.
 * @param {DataTransfer} dropped
 * @returns {Promise<[string, File][]>}
 */
const droppedFiles = async (dropped) => {
  /** @type {[string, File][]} */
  const found = [];
  const visit = async (entry) => {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      found.push([entry.fullPath, file]);
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return;
      for (const one of some) await visit(one);
    }
  };
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  for (const entry of entries) await visit(entry);
  return found;
};

/** Say why a file is not sent; nothing for one that may be.
 * @param {string} name
 * @param {File} file
 */
const refusal = (name, file) => {
  if (!ENDINGS.some((ending) => name.toLowerCase().endsWith(ending))) return say("upload_no_digest_name");
  return file.size > LARGEST ? say("upload_too_large") : "";
};

/** Say in the reader's language why something was not taken; the server's own words where the page knows no code for it.
 * @param {{ code?: string, detail?: string, reason?: string }} told
 */
const why = ({ code, detail, reason }) => {
  const known = code && hasText(`upload_${code}`) ? say(`upload_${code}`) : "";
  return known || detail || reason || say("error_broken");
};

class IntakeBox {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** @type {{ file: string, line: number, reason: string }[]} */
    this.problems = [];
    this.bar = h(
      "div",
      { class: "progress", hidden: true, role: "progressbar", "aria-label": say("add_digests") },
      h("div", {}),
    );
    this.words = h("p", { class: "quiet", role: "status" });
    this.report = h("ul", { class: "problems" });
    this.folders = h("div", { class: "setbar folders" });
    this.el = this.build();
  }

  build() {
    const files = h("input", { type: "file", multiple: true, "aria-label": say("choose_files"), accept: ENDINGS.join(","), class: "sr", tabindex: "-1", onchange: () => this.send(named(files)) }); // prettier-ignore
    const folder = h("input", { type: "file", multiple: true, "aria-label": say("choose_folder"), class: "sr", tabindex: "-1", onchange: () => this.send(named(folder)) }); // prettier-ignore
    folder.setAttribute("webkitdirectory", "");
    const choose = (word, input) =>
      h("button", { type: "button", class: "small", onclick: () => input.click() }, say(word));
    const drop = async (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      this.send(await droppedFiles(event.dataTransfer));
    };
    const over = (event) => {
      event.preventDefault();
      zone.classList.add("over");
    };
    const zone = h(
      "div",
      { class: "dropzone", ondrop: drop, ondragover: over, ondragleave: () => zone.classList.remove("over") },
      icon("save"),
      h("p", {}, say("drop_here")),
      h("div", { class: "setbar" }, choose("choose_files", files), choose("choose_folder", folder)),
      files,
      folder,
    );
    return h("div", { class: "boxin" }, zone, this.folders, this.bar, this.words, this.report);
  }

  /** Offer the folders of the server that may be named. */
  async load() {
    const state = await getJson("/page/uploads");
    if (state?.running) this.watch();
    if (!state?.folders.length) return;
    const box = h("input", {
      type: "text",
      value: state.folders[0],
      "aria-label": say("server_folder"),
      class: "room",
    });
    const begin = () => {
      this.problems = [];
      this.begin(box.value.trim());
    };
    const button = h("button", { type: "button", class: "small", onclick: begin }, say("index_it"));
    this.folders.replaceChildren(h("span", { class: "quiet" }, say("server_folder")), box, button);
  }

  /** Send files one after the other, and have them indexed.
   * @param {[string, File][]} files
   */
  async send(files) {
    this.problems = [];
    let sent = 0;
    for (const [at, [name, file]] of files.entries()) {
      this.show(say("sending", { n: at + 1, m: files.length }), at / files.length);
      const reason = refusal(name, file) || (await this.sendOne(name, file));
      if (reason) this.problems.push({ file: name.replace(/^\//, ""), line: 0, reason });
      else sent += 1;
    }
    if (sent) await this.begin("");
    else this.end({ added: 0, updated: 0, failed: 0, problems: [] });
  }

  /** Send one file; returns why it was not taken, or nothing.
   * @param {string} name
   * @param {File} file
   */
  async sendOne(name, file) {
    try {
      const reply = await fetch(`/page/uploads/file?name=${encodeURIComponent(name)}`, { method: "POST", body: file });
      return reply.ok ? "" : why(await reply.json().catch(() => ({})));
    } catch {
      return say("error_lost");
    }
  }

  /** Have a folder indexed; the reader's own files without a name.
   * @param {string} folder
   */
  async begin(folder) {
    const reply = await postJson("/page/uploads", { folder }).catch(() => null);
    const said = await reply?.json().catch(() => ({}));
    if (reply?.ok && said.begun) await this.watch();
    else if (reply?.ok) this.end({ error: say("indexing_already") });
    else this.end({ error: reply ? why(said) : say("error_lost") });
  }

  /** Show how far the ingest is until it is over. */
  async watch() {
    for (;;) {
      const state = await getJson("/page/uploads");
      if (state && !state.running) return this.end(state);
      if (state) this.show(say(`stage_${state.stage}`), state.total ? state.done / state.total : 0);
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }

  /** @param {string} words @param {number} share */
  show(words, share) {
    this.bar.hidden = false;
    /** @type {HTMLElement} */ (this.bar.firstElementChild).style.width = `${Math.round(100 * share)}%`;
    this.bar.setAttribute("aria-valuenow", String(Math.round(100 * share)));
    this.words.textContent = words;
    this.report.replaceChildren();
  }

  /** Tell how it went.
   * @param {any} state
   */
  end(state) {
    this.bar.hidden = true;
    const all = [...this.problems, ...(state.problems ?? [])];
    const failed = this.problems.length + (state.failed ?? 0);
    const isIdle = !state.added && !state.updated && !failed;
    const counts = say(isIdle ? "added_none" : "added_n", { n: state.added, u: state.updated, f: failed });
    this.words.textContent = state.error || counts;
    const line = (one) => h("li", {}, h("strong", {}, one.line ? `${one.file}:${one.line}` : one.file), " ", why(one));
    this.report.replaceChildren(...all.map(line));
    this.page.connection.check();
  }
}

/** @param {HTMLInputElement} input @returns {[string, File][]} */
const named = (input) => [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);

/** Open the dialog.
 * @param {Page} page
 */
export const openIntake = (page) => {
  page.closeDrawers();
  const intake = new IntakeBox(page);
  const head = h("div", { class: "dayhead" }, h("h2", {}, say("add_digests")), h("span", { class: "room" }), iconButton("close", say("close"), () => box.close())); // prettier-ignore
  intake.el.prepend(head);
  const box = h("dialog", { class: "box", "aria-label": say("add_digests"), onclose: () => box.remove() }, intake.el);
  page.append(box);
  box.showModal();
  intake.load();
};
