/** The page of followed questions, and the news of one: opening them marks them as seen. */
import { followedAddress, newsAddress } from "./address.js";
import { isPlainClick } from "./chats.js";
import { h, icon, iconButton } from "./dom.js";
import { followed, markSeen, unfollow } from "./followed_store.js";
import { paperLink, paperMeta, star } from "./papers.js";
import { getJson } from "./server.js";
import { getLanguage, say } from "./strings.js";

/** @typedef {import("./page.js").Page} Page */

/** Build the quiet count of a question; nothing where it has nothing new.
 * @param {Followed} one
 */
const count = (one) => one.papers > 0 && h("span", { class: "newcount" }, say("new_papers", { n: one.papers }));

/** Build the link to the news of a question.
 * @param {Page} page
 * @param {Followed} one
 * @param {...any} kids
 */
const newsLink = (page, one, ...kids) => {
  const href = newsAddress(one.name);
  const open = (event) => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    page.open(href);
  };
  return h("a", { href, onclick: open, class: "newslink" }, ...kids);
};

/** Build the line in the digest that says what is new; nothing where nothing is.
 * @param {Page} page
 */
export const newsLine = (page) => {
  const telling = followed.filter((one) => one.papers > 0);
  if (!telling.length) return null;
  const links = telling.map((one) =>
    h("li", {}, newsLink(page, one, h("span", { class: "cut" }, one.question), count(one))),
  );
  return h("ul", { class: "newsline", "aria-label": say("followed") }, links);
};

/** Build the page of all followed questions.
 * @param {Page} page
 */
export const followedPage = (page) => {
  const forget = async (one) => {
    await unfollow(one.name);
    page.notify(say("unfollowed"));
    page.leaf.renew();
  };
  const rows = followed.map((one) =>
    h(
      "li",
      { "data-name": one.name },
      h(
        "div",
        { class: "savedline fixed" },
        h("div", { class: "room" }, newsLink(page, one, one.question), " ", count(one)),
        h("a", { class: "quiet", href: `/feeds/${encodeURIComponent(one.name)}.atom` }, say("feed")),
        iconButton("trash", `${say("unfollow")}: ${one.question}`, () => forget(one)),
      ),
    ),
  );
  const head = h("div", { class: "dayhead" }, h("h1", {}, say("followed")));
  const body = rows.length ? h("ul", { class: "savedlist" }, rows) : h("p", { class: "quiet" }, say("none_followed"));
  return h("article", { class: "paper" }, head, body);
};

/** @param {Page} page @param {Digest["papers"][number]} paper */
const paperRow = (page, paper) =>
  h(
    "li",
    { "data-id": paper.id },
    h(
      "div",
      { class: "savedline fixed" },
      h("div", { class: "room" }, paperLink(page, paper.id, paper.title), " ", paperMeta(paper)),
      star(paper),
    ),
    paper.about.length > 0 && h("p", { class: "why" }, paper.about[0]),
  );

/** @param {Page} page @param {News} news */
const newsSections = (page, news) =>
  ["new", "now_fit", "near"]
    .filter((part) => news[part].length)
    .map((part) =>
      h(
        "section",
        { "data-part": part },
        h("h2", {}, say(`news_${part}`, { n: news[part].length })),
        h(
          "ul",
          { class: "savedlist" },
          news[part].map((paper) => paperRow(page, paper)),
        ),
      ),
    );

/** Load the news of a question and mark what is shown as seen.
 * @param {Page} page
 * @param {string} name
 * @returns {Promise<{ title: string, content: HTMLElement }>}
 */
export const loadNews = async (page, name) => {
  /** @type {News | null} */
  const news = await getJson(`/page/news?language=${getLanguage()}&name=${encodeURIComponent(name)}`);
  if (!news) {
    const all = h(
      "button",
      { type: "button", class: "small", onclick: () => page.open(followedAddress()) },
      say("followed"),
    );
    const words = h("span", {}, say("no_news", { name }));
    return { title: name, content: h("p", { class: "problem", role: "alert" }, icon("warn"), words, all) };
  }
  const told = [...news.new, ...news.now_fit];
  markSeen(name, told.map((paper) => paper.id)); // prettier-ignore
  const ask = () => page.conversation.ask({ q: news.question });
  const content = h(
    "article",
    { class: "paper" },
    h("h1", {}, news.question),
    h("p", { class: "quiet" }, say("news_fits", { n: news.fits })),
    h(
      "div",
      { class: "setbar" },
      h("button", { type: "button", class: "small primary", onclick: ask }, icon("chat"), say("ask_again")),
    ),
    told.length === 0 && h("p", { class: "quiet none" }, say("nothing_new")),
    newsSections(page, news),
  );
  return { title: news.question, content };
};
