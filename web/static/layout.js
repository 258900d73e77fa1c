/** The parts of the page: the side with the chats, the talk with the question box, the panel of sources. */
import { pictureSwitch } from "./digest.js";
import { h, icon, iconButton } from "./dom.js";
import { followedAddress, savedAddress } from "./address.js";
import { openIntake } from "./intake.js";
import { openSettings } from "./settings.js";
import { say } from "./strings.js";

/** @typedef {import("./page.js").Page} Page */

const room = () => h("span", { class: "room" });
const closeButton = (page) =>
  iconButton("close", say("close"), () => page.closeDrawers(), { class: "tool drawer-only" });

/** Build the side: the chats of this browser, the newest digest, the settings.
 * @param {Page} page
 */
export const buildSide = (page) =>
  h(
    "aside",
    { class: "side", id: "side", "aria-label": say("chats") },
    h("div", { class: "brand" }, h("strong", {}, "논문"), h("span", {}, "Nonmun"), room(), closeButton(page)),
    h(
      "button",
      { type: "button", class: "new", id: "clear", onclick: () => page.startNew() },
      icon("plus"),
      say("new_chat"),
    ),
    page.list.el,
    h(
      "div",
      { class: "sidefoot" },
      h(
        "button",
        { type: "button", class: "row", id: "today", onclick: () => page.showDay() },
        icon("day"),
        say("today"),
      ),
      h(
        "button",
        { type: "button", class: "row", id: "followed", hidden: true, onclick: () => page.open(followedAddress()) },
        icon("bell"),
        say("followed"),
        h("span", { class: "quiet count" }),
      ),
      h(
        "button",
        { type: "button", class: "row", id: "saved", onclick: () => page.open(savedAddress()) },
        icon("star"),
        say("saved"),
        h("span", { class: "quiet count" }),
      ),
      h(
        "button",
        { type: "button", class: "row", id: "add", onclick: () => openIntake(page) },
        icon("plus"),
        say("add_digests"),
      ),
      h(
        "button",
        { type: "button", class: "row", id: "settings", onclick: () => openSettings(page) },
        icon("gear"),
        say("settings"),
      ),
    ),
  );

/** Build the talk: the bar of a narrow screen, the turns, the question box with its buttons.
 * @param {Page} page
 */
export const buildTalk = (page) => {
  page.send = h(
    "button",
    { type: "submit", class: "send", id: "ask", "aria-label": say("ask"), title: say("ask") },
    icon("send"),
  );
  page.halt = h(
    "button",
    {
      type: "button",
      class: "send",
      id: "stop",
      hidden: true,
      "aria-label": say("stop"),
      title: say("stop"),
      onclick: () => page.conversation.stop(),
    },
    icon("stop"),
  );
  const submit = (event) => {
    event.preventDefault();
    page.box.submit();
  };
  const composer = h(
    "form",
    { class: "composer", onsubmit: submit },
    page.filterBox.panel,
    page.filterBox.chips,
    h(
      "div",
      { class: "box", id: "question" },
      page.box.el,
      h("div", { class: "boxbar" }, page.filterBox.button, room(), page.halt, page.send),
    ),
    page.note,
  );
  const bar = h(
    "header",
    { class: "bar" },
    iconButton("menu", say("menu"), () => page.openDrawer("side"), { id: "menu" }),
    h("strong", { class: "serif" }, "논문 Nonmun"),
    room(),
    iconButton("book", say("sources"), () => page.openDrawer("sources"), { id: "open-sources" }),
  );
  const busy = String(Boolean(page.conversation.running));
  return h("main", { class: "talk", "aria-busy": busy }, bar, page.strip.el, page.scroller, composer);
};

/** Build the scrolling part: what stands before the first question, and the turns.
 * @param {Page} page
 */
export const buildScroller = (page) => {
  const scroller = h("div", { class: "scroller" }, page.welcome.el, page.leaf.el, page.flow);
  // A container's unit would do as well, but in a size container Chromium computes every style anew at each change.
  page.fitRoom = () => {
    const { paddingTop, paddingBottom } = getComputedStyle(scroller);
    const height = scroller.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
    page.flow.style.setProperty("--nm-room", `${height}px`);
  };
  new ResizeObserver(page.fitRoom).observe(scroller);
  const scrolled = () => {
    page.sources.hideTip();
    page.sources.showInView(scroller);
  };
  scroller.addEventListener("scroll", scrolled, { passive: true });
  return scroller;
};

/** Build the panel of sources with its switch for pictures.
 * @param {Page} page
 */
export const buildSources = (page) =>
  h(
    "aside",
    { class: "sources", id: "sources", "aria-label": say("sources") },
    h(
      "div",
      { class: "sourcesbar" },
      h("h2", {}, say("sources")),
      room(),
      pictureSwitch(() => page.sources.paint(), { id: "pictures" }),
      iconButton("close", say("close_sources"), () => page.sources.close(), { id: "close-sources" }),
    ),
    page.sources.cards,
  );

/** Build the link that leads the keyboard to the question box.
 * @param {Page} page
 */
export const buildSkipLink = (page) => {
  const skip = (event) => {
    event.preventDefault();
    page.box.focus();
  };
  return h("a", { class: "skip", href: "#question", onclick: skip }, say("skip"));
};
