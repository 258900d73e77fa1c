/** The page of saved papers: read or not, a private note each, and all of them as a file. */
import { h, iconButton } from "./dom.js";
import { dismissed, forgetDismissed } from "./for_you.js";
import { download } from "./export.js";
import { paperLink, paperMeta, star } from "./papers.js";
import { changeSaved, saved } from "./saved_store.js";
import { say } from "./strings.js";

let onlyUnread = false;

/** Write the saved papers as Markdown.
 * @param {SavedPaper[]} papers
 */
const markdown = (papers) =>
  papers
    .map((paper) => {
      const line = `- [${paper.read ? "x" : " "}] [${paper.title}](${paper.url}) · ${paper.date} · ${paper.authors.join(", ")}`;
      return paper.note ? `${line}\n  ${paper.note.replace(/\n/g, "\n  ")}` : line;
    })
    .join("\n");

/** @param {import("./page.js").Page} page @param {SavedPaper} paper */
const row = (page, paper) => {
  const change = (values) => changeSaved(paper.id, (stored) => stored && { ...stored, ...values });
  const read = h("input", { type: "checkbox", checked: paper.read, onchange: () => change({ read: read.checked }) });
  const note = h("textarea", {
    rows: "1",
    maxlength: "4000",
    placeholder: say("note"),
    "aria-label": `${say("note")}: ${paper.title}`,
    oninput: () => change({ note: note.value }),
  });
  note.value = paper.note;
  return h(
    "li",
    { "data-id": paper.id },
    h(
      "div",
      { class: "savedline fixed" },
      h("div", { class: "room" }, paperLink(page, paper.id, paper.title), " ", paperMeta(paper)),
      h("label", { class: "quiet readmark" }, read, " ", say("read")),
      star(paper),
    ),
    note,
  );
};

/** Build the page.
 * @param {import("./page.js").Page} page
 */
export const savedPage = (page) => {
  const papers = [...saved.values()].filter((paper) => !onlyUnread || !paper.read);
  const choose = () => {
    onlyUnread = unread.checked;
    page.leaf.renew();
  };
  const unread = h("input", { type: "checkbox", checked: onlyUnread, onchange: choose });
  const save = () => {
    const now = papers.map((paper) => saved.get(paper.id)).filter(Boolean); // what is shown, as the reader has left it
    download("nonmun-saved.md", `${markdown(now)}\n`, "text/markdown");
  };
  const room = h("span", { class: "room" });
  const head = h(
    "div",
    { class: "dayhead" },
    h("h1", {}, say("saved")),
    room,
    saved.size > 0 && h("label", { class: "quiet unread" }, unread, " ", say("only_unread")),
    saved.size > 0 && iconButton("save", say("export"), save),
  );
  const list = h(
    "ul",
    { class: "savedlist" },
    papers.map((paper) => row(page, paper)),
  );
  const forget = () => {
    forgetDismissed();
    page.leaf.renew();
  };
  const n = dismissed().length;
  const back =
    n > 0 && h("button", { type: "button", class: "small", onclick: forget }, say("forget_dismissed", { n }));
  return h(
    "article",
    { class: "paper" },
    head,
    papers.length ? list : h("p", { class: "quiet" }, say(saved.size ? "all_read" : "none_saved")),
    back,
  );
};
