/** The page of one paper: links, date, votes, authors, its summaries, and the papers around it. */
import { paperAddress } from "./address.js";
import { h, icon, together } from "./dom.js";
import { copyText } from "./export.js";
import { withMaths } from "./maths.js";
import { paperList, star } from "./papers.js";
import { labelled, people } from "./sources.js";
import { asks, votes } from "./asks.js";
import { getLanguage, say } from "./strings.js";

/** @typedef {import("./page.js").Page} Page */

const outside = (href, words) => h("a", { href, target: "_blank", rel: "noopener noreferrer" }, words);

/** @param {Page} page @param {PaperDetails} paper */
const actions = (page, paper) => {
  const copy = async (text) => {
    await copyText(text);
    page.notify(say("copied"));
  };
  const button = (word, onclick) => h("button", { type: "button", class: "small", onclick }, say(word));
  const ask = () => page.conversation.ask(asks.explain(paper));
  return h(
    "div",
    { class: "setbar" },
    h("button", { type: "button", class: "small primary", onclick: ask }, icon("chat"), say("about_this")),
    button("copy_bibtex", () => copy(paper.bibtex)),
    button("copy_markdown", () => copy(paper.markdown)),
    button("copy_link", () => copy(paperAddress(paper.id))),
    star(paper),
  );
};

/** @param {string} word @param {Node} content */
const section = (word, content) => h("section", {}, h("h2", {}, say(word)), content);

/** Build the list of the figures that a paper's summaries report, each with the sentence that states it.
 * @param {PaperDetails["figures"]} figures
 */
const figureList = (figures) =>
  h(
    "ul",
    { class: "figures" },
    figures.map(({ of, value, sentence }) =>
      h("li", {}, h("span", { class: "quiet" }, of), h("strong", {}, value), h("p", {}, together(sentence))),
    ),
  );

/** Build the page of a paper.
 * @param {Page} page
 * @param {PaperDetails} paper
 */
const paperPage = (page, paper) => {
  const ask = (question) => page.conversation.ask(question);
  const days = paper.dates.map((day) =>
    h("button", { type: "button", class: "plainlink", onclick: () => ask(asks.day(day)) }, day),
  );
  const mine = [...paper.summaries].sort(
    (a, b) => Number(b.language === getLanguage()) - Number(a.language === getLanguage()),
  );
  return h(
    "article",
    { class: "paper", "data-id": paper.id },
    h("h1", {}, outside(paper.url, withMaths(paper.title))),
    h("p", { class: "line" }, days, h("span", { class: "quiet" }, votes(paper.votes))),
    people(paper, ask),
    h(
      "p",
      { class: "doors" },
      outside(paper.url, `arXiv ${paper.id}`),
      outside(paper.url.replace("/abs/", "/pdf/"), say("pdf")),
    ),
    actions(page, paper),
    mine.map(({ language, bullets }) =>
      section(
        `summary_${language}`,
        h(
          "ul",
          { class: "bullets", lang: language },
          bullets.map((bullet) => h("li", {}, labelled(bullet))),
        ),
      ),
    ),
    paper.figures.length > 0 && section("figures", figureList(paper.figures)),
    paper.similar.length > 0 && section("similar", paperList(page, paper.similar)),
    paper.naming.length > 0 && section("naming", paperList(page, paper.naming)),
  );
};

/** Say that no digest speaks of a paper, with the link to arXiv.
 * @param {string} id
 */
const unknownPaper = (id) =>
  h(
    "article",
    { class: "paper" },
    h("p", { class: "none" }, say("no_such_paper", { id })),
    h("p", { class: "doors" }, outside(`https://arxiv.org/abs/${encodeURI(id)}`, `arXiv ${id}`)),
  );

/** Load the page of a paper.
 * @param {Page} page
 * @param {string} id
 * @returns {Promise<{ title: string, content: HTMLElement }>}
 */
export const loadPaper = async (page, id) => {
  try {
    const reply = await fetch(`/page/paper?language=${getLanguage()}&arxiv_id=${encodeURIComponent(id)}`);
    if (reply.status === 404) return { title: id, content: unknownPaper(id) };
    if (reply.ok) {
      const paper = await reply.json();
      return { title: paper.title, content: paperPage(page, paper) };
    }
  } catch {
    page.connection.check();
  }
  const again = h("button", { type: "button", class: "small", onclick: () => page.leaf.renew() }, say("retry_short"));
  const words = h("span", {}, say("error_lost"));
  return { title: id, content: h("p", { class: "problem", role: "alert" }, icon("warn"), words, again) };
};
