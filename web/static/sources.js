/** Source cards: the cited papers, and the questions that a card offers. */
import { h, icon, together } from "./dom.js";
import { asks, votes } from "./asks.js";
import { withMaths } from "./maths.js";
import { paperLink, star } from "./papers.js";
import { settings } from "./storage.js";
import { say } from "./strings.js";

const PICTURE_HOSTS = new Set([
  "cdn-uploads.huggingface.co",
  "cdn-thumbnails.huggingface.co",
  "cdn-avatars.huggingface.co",
]);
const FEW = 6; // authors shown before the rest is folded
const MOST_QUOTES = 3; // of a card; where an answer quotes more, they stand in the summary

/** Build what a summary says, behind the quiet name of its section. Answers of an earlier version hold plain texts.
 * @param {Said | string} one
 */
export const labelled = (one) => {
  const { label, text } = typeof one === "string" ? { label: "", text: one } : one;
  return [label && h("span", { class: "label" }, label), label && " ", ...together(text)].filter(Boolean);
};

const allowed = (url) => {
  try {
    const { protocol, hostname, port, username } = new URL(url);
    return protocol === "https:" && PICTURE_HOSTS.has(hostname) && !port && !username;
  } catch {
    return false;
  }
};

/** Build the picture of a paper; nothing unless the reader wants pictures and its host is allowed.
 * @param {Citation["media"]} media
 */
export const picture = (media) => {
  if (!settings.pictures || !media || !allowed(media.url)) return null;
  const frame = h("div", { class: "picture" }, icon("image"));
  const shown = media.kind === "video" ? video(media.url) : image(media.url);
  shown.addEventListener(media.kind === "video" ? "loadeddata" : "load", () => frame.classList.add("seen"));
  shown.addEventListener("error", () => {
    frame.classList.add("lost");
    shown.remove();
  });
  frame.append(shown);
  return frame;
};

const video = (url) =>
  h("video", { src: `${url}#t=0.5`, preload: "metadata", tabindex: "-1", "aria-hidden": "true", muted: true });

const image = (url) =>
  h("img", { src: url, alt: "", loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" });

/** Build the names of the authors, each of which asks for its papers.
 * @param {PaperView} paper
 * @param {(question: { q: string, plan: any }) => void} ask
 */
export const people = (paper, ask) => {
  if (!paper.authors.length) return null;
  const name = (author) =>
    h("button", { type: "button", class: "plainlink", onclick: () => ask(asks.author(author)) }, author);
  const row = h("div", { class: "people" });
  const fill = (all) => {
    const shown = all ? paper.authors : paper.authors.slice(0, FEW);
    row.replaceChildren(
      ...shown.flatMap((author, at) =>
        at + 1 < shown.length ? [h("span", { class: "whole" }, name(author), ","), " "] : [name(author)],
      ),
    );
    if (paper.authors.length > FEW) {
      row.append(
        " ",
        h(
          "button",
          {
            type: "button",
            class: "plainlink more",
            "aria-expanded": String(all),
            onclick: () => {
              fill(!all);
              /** @type {HTMLElement} */ (row.querySelector(".more")).focus();
            },
          },
          all ? say("fewer") : say("more_authors", { n: paper.authors.length - FEW }),
        ),
      );
    } else if (paper.cut) row.append(" …");
  };
  fill(false);
  return row;
};

const bullets = (paper) =>
  h(
    "ul",
    {},
    paper.summary.map((bullet) => h("li", {}, bullet.quoted ? h("mark", {}, labelled(bullet)) : labelled(bullet))),
  );

/** Build the card of a cited paper.
 * @param {Citation} paper
 * @param {import("./page.js").Page} page
 */
export const card = (paper, page) => {
  const ask = (question) => page.conversation.ask(question);
  const isLong = paper.quotes.length > MOST_QUOTES; // the answer itself says most of the summary
  return h(
    "article",
    { class: "card", id: `source-${paper.n}`, tabindex: "-1", "data-id": paper.id },
    picture(paper.media),
    h(
      "div",
      { class: "line" },
      h("span", { class: "number" }, String(paper.n)),
      paper.relation && h("span", { class: `tag ${paper.relation}` }, say(paper.relation)),
      h("button", { type: "button", class: "plainlink", onclick: () => ask(asks.day(paper.date)) }, paper.date),
      h("span", { class: "quiet" }, votes(paper.votes)),
      h("span", { class: "room" }),
      star(paper),
    ),
    h("h3", {}, h("a", { href: paper.url, target: "_blank", rel: "noopener noreferrer" }, withMaths(paper.title))),
    people(paper, ask),
    isLong ? null : paper.quotes.map((quote) => h("blockquote", {}, labelled(quote))),
    (isLong || paper.summary.some((bullet) => !bullet.quoted)) &&
      h(
        "details",
        {},
        h(
          "summary",
          {
            onclick: (event) => {
              if (!event.currentTarget.nextSibling) event.currentTarget.after(bullets(paper));
            },
          },
          say("summary"),
        ),
      ),
    h(
      "div",
      { class: "doors" },
      h("a", { href: paper.url, target: "_blank", rel: "noopener noreferrer" }, `arXiv ${paper.id}`),
      h("a", { href: paper.url.replace("/abs/", "/pdf/"), target: "_blank", rel: "noopener noreferrer" }, say("pdf")),
      h("button", { type: "button", class: "plainlink", onclick: () => ask(asks.similar(paper)) }, say("similar")),
      paperLink(page, paper.id, say("paper_page")),
    ),
  );
};
