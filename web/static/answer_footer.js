/** The line below an answer: who wrote it, what it cost, what can be done with it, and the form for a verdict. */
import { askedOf } from "./chips.js";
import { keepTurn } from "./chat_store.js";
import { h, iconButton } from "./dom.js";
import { follow, followedAs, unfollow } from "./followed_store.js";
import { answerText, copyText } from "./export.js";
import { say } from "./strings.js";

/** Describe who read a question, who wrote its answer, and how long it took.
 * @param {Answer} answer
 */
const engineLine = (answer) => {
  const model = answer.engine.replace("llm:", "");
  const writer = answer.engine === "offline" ? say("engine_offline") : say("engine_llm", { model });
  const reader = answer.reader === "llm" ? ` · ${say("reader_llm")}` : "";
  const seconds = say("seconds", { s: Math.max(0.01, answer.ms / 1000).toFixed(2) });
  return h("span", { class: "quiet engine" }, h("span", { class: "dot" }), `${writer}${reader} · ${seconds}`);
};

/** Describe what a model's answer cost; nothing for an answer without a model.
 * @param {Answer} answer
 */
const usageLine = ({ usage }) => {
  if (!usage) return null;
  const parts = say("usage_parts", { a: usage.tokens_in, b: usage.tokens_out });
  const tokens = say(usage.estimated ? "tokens_about" : "tokens", { n: usage.tokens_in + usage.tokens_out });
  const cost =
    usage.usd === null ? say("cost_unknown") : say("cost", { usd: usage.usd.toFixed(usage.usd < 0.01 ? 5 : 2) });
  return h("span", { class: "quiet usage", title: parts }, `${tokens} · ${cost}`);
};

/** Put the form for a reason into its place, once a verdict has been sent.
 * @param {HTMLElement} place
 * @param {"up" | "down"} verdict
 * @param {(reason: string) => void} send
 */
const openReason = (place, verdict, send) => {
  const box = h("input", { type: "text", maxlength: "1000", "aria-label": say("why"), placeholder: say("why") });
  const sendReason = (reason) => {
    place.replaceChildren();
    if (reason.trim()) send(reason);
  };
  const submit = (event) => {
    event.preventDefault();
    sendReason(box.value);
  };
  const reasons = say("reasons").map((reason) =>
    h("button", { type: "button", class: "offer", onclick: () => sendReason(reason) }, reason),
  );
  const cancel = iconButton("close", say("cancel"), () => place.replaceChildren());
  place.replaceChildren(
    h(
      "form",
      { class: "reason", onsubmit: submit },
      verdict === "down" && h("div", { class: "reasons" }, reasons),
      h("div", { class: "setbar" }, box, h("button", { class: "small" }, say("send")), cancel),
    ),
  );
  place.scrollIntoView({ block: "nearest" });
};

/** Build the two thumbs, which show where the server takes verdicts. One click sends one; a reason can follow.
 * @param {Turn} turn
 * @param {import("./page.js").Page} page
 * @param {HTMLElement} place for the reason
 */
const thumbs = (turn, page, place) => {
  const choose = async (verdict) => {
    place.replaceChildren(); // a reason for the other thumb
    if (!(await page.server.sendVerdict(turn, verdict, ""))) return;
    turn.verdict = verdict;
    await keepTurn(turn.chat, turn); // a thumb that looks pressed is so after a refresh
    paint();
    openReason(place, verdict, (reason) => page.server.sendVerdict(turn, verdict, reason));
  };
  const up = iconButton("up", say("good"), () => choose("up"), { class: "tool thumb" });
  const down = iconButton("down", say("bad"), () => choose("down"), { class: "tool thumb" });
  const paint = () => {
    up.setAttribute("aria-pressed", String(turn.verdict === "up"));
    down.setAttribute("aria-pressed", String(turn.verdict === "down"));
  };
  paint();
  return [up, down];
};

const FOLLOWED = new Set(["list", "count", "author", "date"]); // kinds of questions whose sets new papers can join

/** Build the star that follows a question; nothing where no new papers can join its answer. It shows where the server follows.
 * @param {Turn} turn
 * @param {import("./page.js").Page} page
 */
const followStar = (turn, page) => {
  const { answer } = turn;
  const asksForSet = FOLLOWED.has(answer.kind) && answer.plan.limit === null && answer.status !== "refused";
  if (!asksForSet) return null;
  const isFiltered = Object.values(turn.filters ?? {}).some(Boolean);
  const isOwn = !(turn.edited || turn.plan || turn.before || isFiltered);
  const question = isOwn ? turn.q : askedOf(answer);
  const toggle = async () => {
    const known = followedAs(question);
    const failed = known ? await unfollow(known.name) : await follow(question, isOwn ? null : answer.plan);
    page.notify(failed === null ? say(known ? "unfollowed" : "follows") : failed || say("error_lost"));
    paint();
  };
  const button = iconButton("star", say("follow"), toggle, { class: "tool followstar" });
  const paint = () => button.setAttribute("aria-pressed", String(Boolean(followedAs(question))));
  button.addEventListener("repaint", paint);
  paint();
  return button;
};

/** Build the line below an answer and the place for a verdict.
 * @param {Turn} turn
 * @param {import("./page.js").Page} page
 */
export const answerFooter = (turn, page) => {
  const { answer } = turn;
  const place = h("div", { class: "verdict" });
  const copy = async (text, message) => {
    await copyText(text);
    page.notify(message);
  };
  const sources = () =>
    h(
      "button",
      { type: "button", class: "small opens", onclick: () => page.sources.show(turn) },
      say("sources_n", { n: answer.citations.length }),
    );
  const line = h(
    "div",
    { class: "foot" },
    engineLine(answer),
    usageLine(answer),
    h("span", { class: "room" }),
    answer.citations.length > 0 && sources(),
    followStar(turn, page),
    iconButton("copy", say("copy"), () => copy(answerText(answer), say("copied"))),
    iconButton("link", say("link"), () => copy(page.addressOf(turn), say("link_copied"))),
    iconButton("retry", say("retry"), () => page.conversation.run(turn)),
    ...thumbs(turn, page, place),
  );
  return [line, place];
};
