/** Elements, icons and text. Text given to `h` is always text, never markup. */
import { withMaths } from "./maths.js";

const PATHS = {
  plus: "M12 5v14M5 12h14",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  copy: "M9 9h10v10H9zM5 15V5h10",
  retry: "M4 12a8 8 0 1 0 2.6-5.9M4 4v5h5",
  link: "M10 14a4 4 0 0 0 6 .4l2.5-2.5a4 4 0 0 0-5.7-5.7L11.5 7.5M14 10a4 4 0 0 0-6-.4l-2.5 2.5a4 4 0 0 0 5.7 5.7l1.3-1.3",
  up: "M7 11v9H4v-9zM7 11l4-7a2 2 0 0 1 3 2l-1 4h5.5a2 2 0 0 1 2 2.4l-1.3 6A2 2 0 0 1 17.200 20H7",
  down: "M17 13V4h3v9zM17 13l-4 7a2 2 0 0 1-3-2l1-4H5.500a2 2 0 0 1-2-2.400l1.300-6A2 2 0 0 1 6.800 4H17",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  filter: "M4 6h16M7 12h10M10 18h4",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.200 2.200M16.200 16.200l2.200 2.200M5.600 18.400l2.200-2.200M16.200 7.800l2.200-2.200",
  day: "M5 6h14v14H5zM5 10h14M9 3v4M15 3v4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  bring: "M12 15V4M7 9l5-5 5 5M5 20h14",
  save: "M12 4v11M7 11l5 5 5-5M5 20h14",
  book: "M5 4h10a4 4 0 0 1 4 4v12H9a4 4 0 0 1-4-4z",
  left: "M14 6l-6 6 6 6",
  right: "M10 6l6 6-6 6",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5M15 9h.01",
  similar: "M4 8h11v11H4zM9 8V4h11v11h-5",
  chat: "M5 5h14v11H10l-5 4z",
  star: "M12 4l2.4 5 5.600.700-4.100 3.800 1.100 5.500L12 16.300 7 19l1.100-5.500L4 9.700 9.600 9z",
  bell: "M6 17h12l-1.500-3v-4a4.500 4.500 0 0 0-9 0v4zM10.500 20h3",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  warn: "M12 4l9 16H3zM12 10v4M12 17h.01",
};

/** Make an element. `on…` properties are listeners; null, false and undefined leave a property or a child out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [props]
 * @param {...any} kids
 * @returns {HTMLElementTagNameMap[T]}
 */
export const h = (tag, props = {}, ...kids) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) if (!isAbsent(value)) setProperty(element, name, value);
  element.append(...kids.flat().filter((kid) => !isAbsent(kid)));
  return element;
};

/** @param {unknown} value */
const isAbsent = (value) => value === undefined || value === null || value === false;

/** Set a listener, markup from the server, a property or an attribute.
 * @param {any} element
 * @param {string} name
 * @param {any} value
 */
const setProperty = (element, name, value) => {
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "html")
    element.innerHTML = value; // rendered and escaped by the server
  else if (name in element && name !== "list" && typeof value !== "string") element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
};

/** Make an icon.
 * @param {string} name
 */
export const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
};

/** Make a button with an icon. Its name is read out and shown as a tooltip.
 * @param {string} name of the icon
 * @param {string} label
 * @param {(event: Event) => void} onclick
 * @param {Record<string, any>} [more]
 */
export const iconButton = (name, label, onclick, more = {}) =>
  h("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick, ...more }, icon(name));

const FOLLOWERS = /([)\]}”’»」』%"'](?:[가-힣]{1,6}|[,.;:])+)/; // a particle or a comma, with what it follows

/** Return a text so that no particle and no comma begins a line, with its formulas drawn.
 * @param {string} text
 */
export const together = (text) =>
  withMaths(text).flatMap((piece) => (typeof piece === "string" ? whole(piece) : piece));

/** @param {string} text @returns {any[]} */
const whole = (text) => text.split(FOLLOWERS).map((part, at) => (at % 2 ? h("span", { class: "whole" }, part) : part));

// eslint-disable-next-line no-control-regex -- these characters are what is removed
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

/** Remove the characters that reverse or hide the text around them.
 * @param {string} text
 */
export const plain = (text) => text.replace(HIDDEN, "");
