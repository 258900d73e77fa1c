/** Boxes over the page: a heading, a way out, and the focus back where it was. */
import { h, iconButton } from "./dom.js";
import { say } from "./strings.js";

/** Open a box.
 * @param {import("./page.js").Page} page
 * @param {string} title
 * @param {string} door selector of the button that opens the box; the menu holds it on a narrow screen
 * @param {...any} content
 * @returns {HTMLDialogElement}
 */
export const openBox = (page, title, door, ...content) => {
  page.closeDrawers();
  const ended = () => {
    box.remove();
    if (document.activeElement !== document.body) return;
    for (const place of ["#menu", door]) /** @type {HTMLElement} */ (page.querySelector(place)).focus(); // one is hidden
  };
  const head = h(
    "div",
    { class: "dayhead" },
    h("h2", {}, title),
    h("span", { class: "room" }),
    iconButton("close", say("close"), () => box.close()),
  );
  const box = h(
    "dialog",
    { class: "box", "aria-label": title, onclose: ended },
    h("div", { class: "boxin" }, head, ...content),
  );
  page.append(box);
  box.showModal();
  return box;
};
