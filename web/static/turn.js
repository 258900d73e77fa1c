/** One question and its answer, as they are shown. */
import { h, icon, iconButton, plain } from "./dom.js";
import { settings } from "./storage.js";
import { bars, table } from "./sets.js";
import { say } from "./strings.js";

const SETS = new Set(["list", "count", "superlative", "author", "date", "digest", "trend"]);
const LONG = 9_000; // characters of HTML from which an answer is folded

const chipRow = (turn, page) => {
  const { plan, chips } = turn.answer;
  const rerun = (next) => page.rerun(turn, next);
  const editor = (chip, shell) => {
    const two = chip.field === "date_from";
    const last = two && plan.date_to ? new Date(Date.parse(plan.date_to) - 86_400_000).toISOString().slice(0, 10) : "";
    const inputs = two
      ? [["from", plan.date_from ?? ""], ["to", last]].map(([word, value]) => h("input", { type: "date", value, "aria-label": say(word) }))
      : [h("input", { type: ["min_votes", "max_votes", "limit"].includes(chip.field) ? "number" : "text", min: "1", value: String(chip.value || plan[chip.field]), "aria-label": chip.label })];
    const done = () => {
      const next = { ...plan };
      if (two) {
        next.date_from = inputs[0].value || null;
        next.date_to = inputs[1].value ? new Date(Date.parse(inputs[1].value) + 86_400_000).toISOString().slice(0, 10) : null;
      } else if (Array.isArray(plan[chip.field])) next[chip.field] = plan[chip.field].map((value) => (value === chip.value ? inputs[0].value.trim() || value : value));
      else next[chip.field] = Math.max(1, Number(inputs[0].value) || 1);
      rerun(next);
    };
    const form = h("form", { class: "chipform", onsubmit: (event) => { event.preventDefault(); done(); }, onkeydown: (event) => { if (event.key === "Escape") { event.stopPropagation(); page.paint(turn); } } },
      inputs, h("button", { class: "small" }, say("apply")));
    shell.replaceWith(form);
    inputs[0].focus();
  };
  const named = (chip) => ({ "aria-label": say("edit_chip", { label: chip.label }), title: say("edit_chip", { label: chip.label }) });
  const label = (chip, shell) => {
    if (chip.choices.length) return h("select", { ...named(chip), onchange: (event) => rerun({ ...plan, ...chip.choices[event.target.selectedIndex][1] }) }, chip.choices.map(([word]) => h("option", { selected: word === chip.label }, word)));
    if (["kind", "papers"].includes(chip.field)) return h("span", {}, chip.label);
    return h("button", { type: "button", ...named(chip), onclick: () => editor(chip, shell()) }, chip.label);
  };
  return h("div", { class: "chips", role: "group" }, chips.map((chip) => {
    const shell = h("span", { class: `chip ${chip.field === "kind" ? "kind" : ""}` }, label(chip, () => shell),
      chip.without && h("button", { type: "button", class: "x", "aria-label": say("remove", { label: chip.label }), title: say("remove", { label: chip.label }), onclick: () => rerun(chip.without) }, icon("close")));
    return shell;
  }));
};

const without = (turn, page) => turn.answer.without.length > 0 && h("div", { class: "rescue" }, turn.answer.without.map((way) => {
  const chip = turn.answer.chips.find((one) => one.field === way.field && one.value === way.value);
  return chip?.without && h("button", { type: "button", class: "offer strong", onclick: () => page.rerun(turn, chip.without) }, say(way.field === "date_from" ? "without_dates" : "without", { label: chip.label, n: way.papers }));
}));

const verdict = (turn, page) => {
  const slot = h("div", { class: "verdict" });
  const say_it = async (word, reason) => { slot.replaceChildren(); await page.out.verdict(turn, word, reason); };
  const open = (word) => {
    const box = h("input", { type: "text", maxlength: "1000", "aria-label": say("why"), placeholder: say("why") });
    slot.replaceChildren(h("form", { class: "reason", onsubmit: (event) => { event.preventDefault(); say_it(word, box.value); } },
      word === "down" && h("div", { class: "reasons" }, say("reasons").map((reason) => h("button", { type: "button", class: "offer", onclick: () => say_it(word, reason) }, reason))),
      h("div", { class: "setbar" }, box, h("button", { class: "small" }, say("send")), iconButton("close", say("cancel"), () => slot.replaceChildren()))));
    box.focus();
  };
  return [slot, open];
};

const footer = (turn, page) => {
  const { answer } = turn;
  const llm = answer.engine !== "offline";
  const seconds = say("seconds", { s: Math.max(0.01, answer.ms / 1000).toFixed(2) });
  const [slot, open] = verdict(turn, page);
  const { usage } = answer;
  const spent = usage && h("span", { class: "quiet usage", title: say("usage_parts", { a: usage.tokens_in, b: usage.tokens_out }) },
    `${say(usage.estimated ? "tokens_about" : "tokens", { n: usage.tokens_in + usage.tokens_out })} · ${usage.usd === null ? say("cost_unknown") : say("cost", { usd: usage.usd.toFixed(usage.usd < 0.01 ? 5 : 2) })}`);
  return [h("div", { class: "foot" },
    h("span", { class: "quiet engine" }, h("span", { class: "dot" }), `${llm ? say("engine_llm", { model: answer.engine.replace("llm:", "") }) : say("engine_offline")} · ${seconds}`),
    spent,
    h("span", { class: "room" }),
    answer.citations.length > 0 && h("button", { type: "button", class: "small opens", onclick: () => page.showSources(turn) }, say("sources_n", { n: answer.citations.length })),
    iconButton("copy", say("copy"), () => page.out.copy(page.out.plain(turn), say("copied"))),
    iconButton("link", say("link"), () => page.out.copy(page.linkOf(turn), say("link_copied"))),
    iconButton("retry", say("retry"), () => page.run(turn)),
    page.feedback && iconButton("up", say("good"), () => open("up")),
    page.feedback && iconButton("down", say("bad"), () => open("down"))), slot];
};

const fold = (body) => {
  const more = h("button", { type: "button", class: "small", "aria-expanded": "false", onclick: () => {
    const open = body.classList.toggle("folded") === false;
    more.setAttribute("aria-expanded", String(open));
    more.textContent = say(open ? "collapse" : "expand");
  } }, say("expand"));
  body.classList.add("folded");
  return more;
};

const answerBody = (turn, page) => {
  const { answer } = turn;
  const prose = h("div", { class: `prose ${turn.arrived ? "arrived" : ""}`, lang: answer.language, html: answer.html });
  const more = answer.html.length > LONG ? fold(prose) : null;
  const bare = turn.plan && SETS.has(answer.kind) && answer.chips.length === 1 && answer.count > 0;
  const text = h("div", {}, bare && h("p", { class: "quiet left" }, say("all_left")), prose, more);
  if (!SETS.has(answer.kind) || answer.count < 2) return [text];
  const place = h("div", { class: "view" }, text);
  const show = async (view) => {
    turn.view = view;
    for (const tab of tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.view === view));
    if (view === "answer") return place.replaceChildren(text);
    if (!turn.rows) place.replaceChildren(h("p", { class: "quiet" }, say("loading")));
    const rows = await page.out.rows(turn);
    if (turn.view !== view || !rows) return undefined;
    const choose = (month) => {
      const [y, m] = month.split("-").map(Number);
      const iso = (year, number) => `${year}-${String(number).padStart(2, "0")}-01`;
      turn.view = "answer";
      page.rerun(turn, { ...answer.plan, kind: answer.plan.kind === "trend" ? "list" : answer.plan.kind, date_from: iso(y, m), date_to: m === 12 ? iso(y + 1, 1) : iso(y, m + 1) });
    };
    const drawn = rows.filter((row) => !answer.plan.relation || answer.plan.relation === "mention" || ["proposes", "uses"].includes(row[5]));
    if (view === "table") place.replaceChildren(table(rows, { exporting: (ending) => page.out.file(turn, ending), ask: page.ask }));
    else place.replaceChildren(bars(drawn, choose), ...(answer.kind === "trend" && !answer.plan.order ? [text] : []));
    return undefined;
  };
  const tabs = h("div", { class: "tabs", role: "group" }, [["answer", "answer_tab"], ["table", "table_tab"], ["months", "months_tab"]].map(([view, word]) =>
    h("button", { type: "button", "data-view": view, "aria-pressed": String(view === "answer"), onclick: () => show(view) }, say(word))));
  const first = turn.view ?? (answer.kind === "trend" && !answer.plan.order ? "months" : "answer");
  if (first !== "answer") show(first);
  return [tabs, place];
};

/** Draw a turn anew into its place. `page` is what its buttons call. */
export const paint = (turn, page) => {
  const { answer } = turn;
  const bubble = h("div", { class: "bubble", dir: "auto", "data-testid": "user" }, plain(turn.q));
  const asked = h("div", { class: "asked" }, bubble,
    turn.last && !turn.running && h("div", { class: "askedtools" }, iconButton("edit", say("edit"), () => page.edit(turn, asked))));
  const parts = [];
  if (answer) {
    parts.push(chipRow(turn, page));
    if (turn.running) parts.push(turn.text ? h("div", { class: "prose writing", lang: answer.language, html: turn.text }) : h("p", { class: "wait" }, h("span", { class: "pulse" }), say("writing")));
    else parts.push(...answerBody(turn, page));
    if (turn.running) turn.prose = parts.at(-1);
    const notices = [...answer.notices, ...(answer.busy ? [say("model_busy")] : []), ...(turn.stopped ? [say("stopped")] : [])];
    parts.push(...notices.map((notice) => h("p", { class: "notice" }, icon("warn"), h("span", {}, notice))));
    if (!turn.running) parts.push(without(turn, page), ...footer(turn, page));
  } else if (turn.error) {
    const words = turn.error.code === "store" ? [`${say("state_unreachable")}. ${say(`store_${turn.error.kind}`)}`, h("small", {}, turn.error.message)] : [say(`error_${turn.error.code}`)];
    parts.push(h("div", { class: "problem", role: "alert" }, icon("warn"), h("span", {}, words), h("button", { type: "button", class: "small", onclick: () => page.run(turn) }, say("retry"))));
  } else if (turn.stopped) parts.push(h("p", { class: "notice" }, icon("warn"), h("span", {}, say("stopped")), h("button", { type: "button", class: "small", onclick: () => page.run(turn) }, say("retry"))));
  else parts.push(h("p", { class: "wait" }, h("span", { class: "pulse" }), say("thinking")));
  const offers = turn.last && !turn.running && turn.next?.length > 0 &&
    h("div", { class: "next" }, turn.next.map((question) => h("button", { type: "button", class: "offer", onclick: () => page.ask({ q: question }) }, question)));
  const reply = h("div", { class: `reply ${answer && answer.status !== "answered" ? "none" : ""}`, "data-testid": "bot" }, parts);
  turn.el.replaceChildren(asked, reply, ...(offers ? [offers] : []));
};
