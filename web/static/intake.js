/** Adding digests: files or a folder of the reader's own, or a folder of the server; progress, and what failed. */
import { openBox } from "./dialog.js";
import { h, icon } from "./dom.js";
import { doneOf, progressBar } from "./progress.js";
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
  const known = code && hasText(`upload_${code}`) ? say(`upload_${code}`, { detail }) : "";
  return known || detail || reason || say("error_broken");
};

class IntakeBox {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** @type {{ file: string, line: number, reason: string }[]} */
    this.problems = [];
    this.busy = false;
    this.zone = this.buildZone();
    this.bar = h("div", { hidden: true });
    this.numbers = h("span", { class: "quiet figure", "aria-hidden": "true" });
    this.words = h("p", { class: "quiet", role: "status" });
    this.report = h("ul", { class: "problems" });
    this.folders = h("div", { class: "setbar folders" });
    const line = h("div", { class: "setbar told" }, this.words, h("span", { class: "room" }), this.numbers);
    this.parts = [this.zone, this.folders, this.bar, line, this.report];
  }

  buildZone() {
    const chooser = (word, more) => {
      const send = () => {
        this.send(named(input));
        input.value = ""; // else the same file, mended, could not be chosen again
      };
      const label = { "aria-label": say(word), tabindex: "-1" };
      const input = h("input", { type: "file", multiple: true, class: "sr", onchange: send, ...label, ...more });
      const button = h("button", { type: "button", class: "small", onclick: () => input.click() }, say(word));
      return [button, input];
    };
    const [filesButton, files] = chooser("choose_files", { accept: ENDINGS.join(",") });
    filesButton.autofocus = true;
    const [folderButton, folder] = chooser("choose_folder", { webkitdirectory: "" });
    return h(
      "div",
      { class: "dropzone" },
      icon("bring"),
      h("p", {}, say("drop_here")),
      h("p", { class: "quiet" }, say("digest_shape")),
      h("div", { class: "setbar" }, filesButton, folderButton),
      files,
      folder,
    );
  }

  /** Take what is dropped anywhere over the page while the box is open. Elsewhere the browser would leave the page for it.
   * @param {HTMLElement} box
   */
  catchDrops(box) {
    const over = (isOver) => this.zone.classList.toggle("over", isOver);
    box.addEventListener("dragover", (event) => {
      event.preventDefault();
      over(true);
    });
    box.addEventListener("dragleave", () => over(false));
    box.addEventListener("drop", async (event) => {
      event.preventDefault();
      over(false);
      const files = await droppedFiles(event.dataTransfer).catch(() => null);
      if (files?.length === 0) return; // a text, for instance
      if (files) await this.send(files);
      else this.end({ error: say("drop_unread") });
    });
  }

  /** Offer the folders of the server that may be named. */
  async load() {
    const state = await getJson("/page/uploads");
    if (state?.running) this.work(() => this.watch());
    if (!state?.folders.length) return;
    const box = h("input", {
      type: "text",
      value: state.folders[0],
      "aria-label": say("server_folder"),
      class: "room",
    });
    const begin = () => {
      this.problems = [];
      this.work(() => this.begin(box.value.trim()));
    };
    const entered = (event) => {
      if (event.key === "Enter" && !event.isComposing) begin();
    };
    box.addEventListener("keydown", entered);
    const button = h("button", { type: "button", class: "small", onclick: begin }, say("index_it"));
    this.folders.replaceChildren(h("span", { class: "quiet" }, say("server_folder")), box, button);
  }

  /** Do one thing at a time.
   * @param {() => Promise<void>} task
   */
  async work(task) {
    if (this.busy) return;
    this.busy = true;
    this.zone.parentElement.setAttribute("aria-busy", "true");
    await task();
    this.busy = false;
    this.zone.parentElement.setAttribute("aria-busy", "false");
  }

  /** Send files one after the other, and have them indexed. Hidden ones, which systems put into folders, are left out.
   * @param {[string, File][]} chosen
   */
  send(chosen) {
    const files = chosen.filter(([name]) => !/(^|\/)\./.test(name));
    return this.work(async () => {
      this.problems = [];
      let sent = 0;
      for (const [at, [name, file]] of files.entries()) {
        this.show(say("sending", { n: at + 1, m: files.length }), at, files.length);
        const reason = refusal(name, file) || (await this.sendOne(name, file));
        if (reason) this.problems.push({ file: name.replace(/^\//, ""), line: 0, reason });
        else sent += 1;
      }
      if (sent) await this.begin("");
      else this.end({ added: 0, updated: 0, failed: 0, problems: [] });
    });
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

  /** Show how far the ingest is until it is over; not in a box that has been closed. */
  async watch() {
    while (this.zone.isConnected) {
      const state = await getJson("/page/uploads");
      if (state && !state.running) return this.end(state);
      if (state) this.show(say(`stage_${state.stage}`), state.done, state.total, doneOf(state.done, state.total));
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }

  /** @param {string} words @param {number} done @param {number} total 0: not known @param {string} [numbers] */
  show(words, done, total, numbers = "") {
    this.bar.hidden = false;
    this.bar.replaceChildren(progressBar(say("add_digests"), done, total));
    if (this.words.textContent !== words) this.words.textContent = words; // each change is read out
    this.words.classList.remove("warning");
    this.numbers.textContent = numbers;
    this.report.replaceChildren();
  }

  /** Tell how it went.
   * @param {any} state
   */
  end(state) {
    this.bar.hidden = true;
    this.numbers.textContent = "";
    const all = [...this.problems, ...(state.problems ?? [])];
    const failed = this.problems.length + (state.failed ?? 0);
    this.words.textContent = state.error ? why({ ...state, detail: state.error }) : counts(state, failed);
    this.words.classList.toggle("warning", Boolean(state.error));
    const place = ({ file, line }) => (line ? say("line_of", { file, n: line }) : file);
    this.report.replaceChildren(...all.map((one) => h("li", {}, h("strong", {}, place(one)), " ", why(one))));
    this.page.connection.check();
  }
}

/** Say how many papers came in and how many files could not be read; nothing where the batch was somebody else's.
 * @param {{ added?: number, updated?: number }} state
 * @param {number} failed
 */
const counts = ({ added, updated }, failed) => {
  if (added === undefined && !failed) return "";
  const parts = Object.entries({ added_new: added, added_changed: updated, added_failed: failed });
  const told = parts.filter(([, n]) => n).map(([word, n]) => say(word, { n }));
  return told.join(" ") || say("added_none");
};

/** @param {HTMLInputElement} input @returns {[string, File][]} */
const named = (input) => [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);

/** Open the dialog.
 * @param {Page} page
 */
export const openIntake = (page) => {
  const intake = new IntakeBox(page);
  const box = openBox(page, say("add_digests"), "#add", ...intake.parts);
  intake.catchDrops(box);
  intake.load();
};
