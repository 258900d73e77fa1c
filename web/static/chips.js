/** The chips above an answer: how the question was read. Each can be changed or removed, which answers anew. */
import { h, icon } from "./dom.js";
import { say } from "./strings.js";

const DAY = 86_400_000; // milliseconds
const NUMBERS = ["min_votes", "max_votes", "limit"];
const FIXED = ["kind", "papers"];

/** Move a day by some days; empty for no day.
 * @param {string | null | undefined} iso
 * @param {number} days
 */
const moveDay = (iso, days) => (iso ? new Date(Date.parse(iso) + days * DAY).toISOString().slice(0, 10) : "");

/** Build the inputs for a chip: two days for a range, else one value.
 * @param {Chip} chip
 * @param {Plan} plan
 * @returns {HTMLInputElement[]}
 */
const inputsFor = (chip, plan) => {
  if (chip.field === "date_from") {
    const days = [
      ["from", plan.date_from ?? ""],
      ["to", moveDay(plan.date_to, -1)],
    ]; // a plan ends before its last day
    return days.map(([word, value]) => h("input", { type: "date", value, "aria-label": say(word) }));
  }
  const type = NUMBERS.includes(chip.field) ? "number" : "text";
  const value = String(chip.value || plan[chip.field]);
  return [h("input", { type, min: "1", value, "aria-label": chip.label })];
};

/** Return a plan with a chip's new values in it.
 * @param {Chip} chip
 * @param {Plan} plan
 * @param {string[]} values
 * @returns {Plan}
 */
const planWith = (chip, plan, values) => {
  if (chip.field === "date_from") {
    return { ...plan, date_from: values[0] || null, date_to: moveDay(values[1], 1) || null };
  }
  const before = plan[chip.field];
  if (Array.isArray(before)) {
    const after = values[0].trim();
    return { ...plan, [chip.field]: before.map((value) => (value === chip.value ? after || value : value)) };
  }
  return { ...plan, [chip.field]: Math.max(1, Number(values[0]) || 1) };
};

/** Put a form in the place of a chip.
 * @param {HTMLElement} place
 * @param {Chip} chip
 * @param {Turn} turn
 * @param {import("./page.js").Page} page
 */
const openEditor = (place, chip, turn, page) => {
  const { plan } = turn.answer;
  const inputs = inputsFor(chip, plan);
  const submit = (event) => {
    event.preventDefault();
    page.conversation.rerun(
      turn,
      planWith(
        chip,
        plan,
        inputs.map((input) => input.value),
      ),
    );
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    page.conversation.paint(turn);
  };
  const apply = h("button", { class: "small" }, say("apply"));
  place.replaceWith(h("form", { class: "chipform", onsubmit: submit, onkeydown: escape }, inputs, apply));
  inputs[0].focus();
};

/** Build what a chip says: a choice, a button that opens a form, or text.
 * @param {Chip} chip
 * @param {Turn} turn
 * @param {import("./page.js").Page} page
 * @param {() => HTMLElement} place the chip, once it is built
 */
const chipLabel = (chip, turn, page, place) => {
  const name = say("edit_chip", { label: chip.label });
  const named = { "aria-label": name, title: name };
  if (chip.choices.length) {
    const options = chip.choices.map(([word]) => h("option", { selected: word === chip.label }, word));
    const choose = (event) => {
      const [, changes] = chip.choices[event.target.selectedIndex];
      page.conversation.rerun(turn, { ...turn.answer.plan, ...changes });
    };
    return h("select", { ...named, onchange: choose }, options);
  }
  if (FIXED.includes(chip.field)) return h("span", {}, chip.label);
  return h("button", { type: "button", ...named, onclick: () => openEditor(place(), chip, turn, page) }, chip.label);
};

/** Build the button that removes a chip.
 * @param {Chip} chip
 * @param {Turn} turn
 * @param {import("./page.js").Page} page
 */
const removeButton = (chip, turn, page) => {
  const name = say("remove", { label: chip.label });
  const remove = () => page.conversation.rerun(turn, chip.without);
  return h("button", { type: "button", class: "x", "aria-label": name, title: name, onclick: remove }, icon("close"));
};

/** Say in words what the plan of an answer asks for; an answer of an earlier version holds its parts only.
 * @param {Answer} answer
 */
export const askedOf = (answer) => answer.asked ?? answer.chips.map((chip) => chip.label).join(" · ");

/** Build the chips of an answer.
 * @param {Turn} turn
 * @param {import("./page.js").Page} page
 * @param {string} [hidden] the field of a chip that something else shows
 */
export const chipRow = (turn, page, hidden = "") => {
  const shown = turn.answer.chips.filter((chip) => chip.field !== hidden);
  const chips = shown.map((chip) => {
    /** @type {HTMLElement} */
    const place = h(
      "span",
      { class: `chip ${chip.field === "kind" ? "kind" : ""}` },
      chipLabel(chip, turn, page, () => place),
      chip.without && removeButton(chip, turn, page),
    );
    return place;
  });
  return h("div", { class: "chips", role: "group" }, chips);
};

/** Build buttons that remove one constraint of a question without an answer; nothing where none would help.
 * @param {Turn} turn
 * @param {import("./page.js").Page} page
 */
export const relaxButtons = (turn, page) => {
  const { chips, without } = turn.answer;
  if (!without.length) return null;
  const buttons = without.map((way) => {
    const chip = chips.find((one) => one.field === way.field && one.value === way.value);
    if (!chip?.without) return null;
    const words = say(way.field === "date_from" ? "without_dates" : "without", { label: chip.label, n: way.papers });
    const relax = () => page.conversation.rerun(turn, chip.without);
    return h("button", { type: "button", class: "offer strong", onclick: relax }, words);
  });
  return h("div", { class: "rescue" }, buttons);
};
