/** The line below an answer: who wrote it, what it cost, what can be done with it, and the form for a verdict. */
import { h, iconButton } from "./dom.js";
import { answerText, copyText } from "./export.js";
import { linkOf } from "./link.js";
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

/** Put the form for a verdict into its place.
 * @param {HTMLElement} place
 * @param {"up" | "down"} verdict
 * @param {(verdict: "up" | "down", reason: string) => void} send
 */
const openVerdict = (place, verdict, send) => {
  const box = h("input", { type: "text", maxlength: "1000", "aria-label": say("why"), placeholder: say("why") });
  const sendReason = (reason) => {
    place.replaceChildren();
    send(verdict, reason);
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
  box.focus();
};

/** Build the line below an answer and the place for a verdict.
 * @param {Turn} turn
 * @param {import("./page.js").Page} page
 */
export const answerFooter = (turn, page) => {
  const { answer } = turn;
  const place = h("div", { class: "verdict" });
  const send = (verdict, reason) => page.server.sendVerdict(turn, verdict, reason);
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
    iconButton("copy", say("copy"), () => copy(answerText(answer), say("copied"))),
    iconButton("link", say("link"), () => copy(linkOf(turn, page.filters), say("link_copied"))),
    iconButton("retry", say("retry"), () => page.conversation.run(turn)),
    page.takesVerdicts && iconButton("up", say("good"), () => openVerdict(place, "up", send)),
    page.takesVerdicts && iconButton("down", say("bad"), () => openVerdict(place, "down", send)),
  );
  return [line, place];
};
