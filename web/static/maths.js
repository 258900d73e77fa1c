/** LaTeX in titles and summaries, drawn by the browser as MathML. What is no LaTeX, or not known here, stays as it is. */

const MATHML = "http://www.w3.org/1998/Math/MathML";

// A formula, or a command for text outside of one. Two prices are no formula: nothing but a formula is that short or has such signs.
const SOURCE =
  /\$\$([^$]+)\$\$|\$(?!\s)([^$]*[^$\s])\$(?!\d)|\\\((.+?)\\\)|\\\[(.+?)\\\]|\\(?:text(?:sc|it|bf|tt|rm)?|emph|url)\{([^{}]*)\}|\{\\(?:sc|it|bf|em|tt) ([^{}]*)\}/g;
const FORMULA = /^[^\s\d]{1,3}$|[\\^_]/;

const SIGNS = Object.fromEntries(
  (
    "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ " +
    "pi π rho ρ sigma σ tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ " +
    "Phi Φ Psi Ψ Omega Ω times × cdot ⋅ div ÷ pm ± mp ∓ sim ∼ simeq ≃ approx ≈ equiv ≡ neq ≠ ne ≠ leq ≤ le ≤ geq ≥ ge ≥ ll ≪ gg ≫ " +
    "propto ∝ in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ forall ∀ exists ∃ nabla ∇ partial ∂ infty ∞ to → rightarrow → " +
    "leftarrow ← Rightarrow ⇒ Leftrightarrow ⇔ leftrightarrow ↔ mapsto ↦ uparrow ↑ downarrow ↓ sum ∑ prod ∏ int ∫ circ ∘ star ⋆ ast ∗ " +
    "oplus ⊕ otimes ⊗ odot ⊙ ell ℓ hbar ℏ dots … ldots … cdots ⋯ prime ′ langle ⟨ rangle ⟩ mid | parallel ∥ perp ⊥ " +
    "cdotp · bullet • dagger † ddagger ‡ degree ° quad \u2003 qquad \u2003 top ⊤ bot ⊥ emptyset ∅ setminus ∖ neg ¬ land ∧ lor ∨"
  )
    .split(" ")
    .reduce((pairs, word, at, all) => (at % 2 ? pairs : [...pairs, [word, all[at + 1]]]), []),
);
const DOUBLE = { R: "ℝ", N: "ℕ", Z: "ℤ", Q: "ℚ", C: "ℂ", E: "𝔼", P: "ℙ", H: "ℍ", F: "𝔽" };
const ACCENTS = { hat: "^", widehat: "^", bar: "¯", overline: "¯", tilde: "~", widetilde: "~", vec: "→", dot: "˙" };
const NAMES = /^(?:log|ln|exp|sin|cos|tan|min|max|arg|lim|sup|inf|det|dim|Pr|argmin|argmax|softmax)$/;
const TEXTS = /^(?:text(?:sc|it|bf|tt|rm|sf)?|mbox|mathrm|mathsf|mathtt|mathit|operatorname)$/;
const BOLD = /^(?:mathbf|boldsymbol|bm|pmb)$/;
const GROUPING = /^(?:left|right|big|Big|bigg|displaystyle|textstyle|limits)$/;
const PLAIN = /^(?:mathcal|mathscr|mathfrak)$/;
const ESCAPED = /^[{}%$#&_|]$/;
const TOKENS = /\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|[\s\S]/gu;

/** @param {string} tag @param {(Node | string)[]} kids @param {Record<string, string>} [attributes] */
const element = (tag, kids, attributes = {}) => {
  const made = document.createElementNS(MATHML, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...kids);
  return made;
};

/** Reads one formula. Throws on what it does not know, and the source is shown instead. */
class Formula {
  /** @param {string} source */
  constructor(source) {
    /** @type {string[]} */
    this.tokens = source.match(TOKENS) ?? [];
    this.at = 0;
  }

  /** Read to the end, or to a closing brace.
   * @param {string} [end]
   */
  row(end) {
    const parts = [];
    for (;;) {
      const token = this.tokens[this.at];
      if (token === undefined && end) throw new SyntaxError("a group is not closed");
      if (token === undefined || token === end) break;
      if (/^\s|^\\[,;:! ]$|^&$/.test(token)) this.at += 1;
      else parts.push(this.scripted());
    }
    this.at += 1;
    return element("mrow", parts.filter(Boolean));
  }

  /** Read an atom with what stands above and below it. */
  scripted() {
    const isBare = /^[\^_]$/.test(this.tokens[this.at]); // such as ^2 behind a word of the text
    const base = isBare ? element("mrow", []) : this.atom();
    const found = {};
    while (/^[\^_]$/.test(this.tokens[this.at] ?? "")) {
      const sign = this.tokens[this.at];
      this.at += 1;
      found[sign] = this.atom();
    }
    if (found["^"] && found._) return element("msubsup", [base, found._, found["^"]]);
    if (found["^"]) return element("msup", [base, found["^"]]);
    return found._ ? element("msub", [base, found._]) : base;
  }

  atom() {
    const token = this.tokens[this.at];
    this.at += 1;
    if (token === undefined || token === "}") throw new SyntaxError("something is missing");
    if (token === "{") return this.row("}");
    if (token.startsWith("\\")) return this.command(token.slice(1));
    if (/^\d/.test(token)) return element("mn", [token]);
    if (/^\p{L}/u.test(token)) return element("mi", [token]);
    return element("mo", [token === "-" ? "−" : token], /[()[\]|]/.test(token) ? { stretchy: "false" } : {});
  }

  /** The letters of the next group, as they are. */
  letters() {
    if (this.tokens[this.at] !== "{") return this.tokens[this.at++] ?? "";
    const end = this.tokens.indexOf("}", this.at);
    if (end < 0) throw new SyntaxError("a group is not closed");
    const said = this.tokens.slice(this.at + 1, end).join("");
    this.at = end + 1;
    return said;
  }

  /** @param {string} name @returns {Element | null} */
  command(name) {
    if (SIGNS[name]) return element(/\p{L}/u.test(SIGNS[name]) ? "mi" : "mo", [SIGNS[name]]);
    if (NAMES.test(name)) return element("mi", [name], { mathvariant: "normal" });
    if (ESCAPED.test(name)) return element("mo", [name === "|" ? "‖" : name]);
    if (GROUPING.test(name)) return null;
    return this.construct(name);
  }

  /** Read a command with what it acts on.
   * @param {string} name
   */
  construct(name) {
    if (TEXTS.test(name)) return element("mtext", [this.letters()]);
    if (BOLD.test(name)) return element("mrow", [this.atom()], { style: "font-weight: bold" });
    if (PLAIN.test(name)) return this.atom();
    if (name === "mathbb") return element("mi", [[...this.letters()].map((one) => DOUBLE[one] ?? one).join("")]);
    if (/^[dt]?frac$/.test(name)) return element("mfrac", [this.atom(), this.atom()]);
    if (name === "sqrt") return element("msqrt", [this.atom()]);
    if (ACCENTS[name]) return element("mover", [this.atom(), element("mo", [ACCENTS[name]])], { accent: "true" });
    throw new SyntaxError(`\\${name} is not known`);
  }
}

/** Return a formula as MathML; its source where it cannot be read.
 * @param {string} source
 * @param {string} whole the source with its signs
 */
const formula = (source, whole) => {
  try {
    const math = element("math", [new Formula(source).row()]);
    math.setAttribute("title", whole);
    return math;
  } catch {
    return whole;
  }
};

/** Keep a particle or a comma on the line of the formula that it follows.
 * @param {string | Element} drawn
 * @param {string} follower
 */
const together = (drawn, follower) => {
  const whole = document.createElement("span");
  whole.className = "whole";
  whole.append(drawn, follower);
  return whole;
};

/** Return what a match of SOURCE shows; null for two prices.
 * @param {string[]} match
 * @returns {string | Element | null}
 */
const drawn = ([whole, display, inline, round, square, ...words]) => {
  const isPrice = inline !== undefined && (!FORMULA.test(inline) || /[가-힣]/.test(inline));
  if (isPrice) return null;
  const source = display ?? inline ?? round ?? square;
  return source === undefined ? words.find((one) => one !== undefined) : formula(source, whole);
};

const FOLLOWER = /^(?:[가-힣]{1,6}|[,.;:)])+/;

/** Return a text in pieces: strings, and formulas as elements.
 * @param {string} text
 * @returns {(string | Element)[]}
 */
export const withMaths = (text) => {
  if (!/[$\\]/.test(text)) return [text];
  const pieces = [];
  let at = 0;
  for (const match of text.matchAll(SOURCE)) {
    const shown = drawn(match);
    if (shown === null) continue;
    pieces.push(text.slice(at, match.index));
    at = match.index + match[0].length;
    const [follower] = (typeof shown !== "string" && FOLLOWER.exec(text.slice(at))) || [""];
    pieces.push(follower ? together(shown, follower) : shown);
    at += follower.length;
  }
  return [...pieces, text.slice(at)].filter((piece) => piece !== "");
};

/** Draw the formulas in the texts of an element.
 * @param {Element} root
 */
export const paintMaths = (root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const text of texts) {
    if (!/[$\\]/.test(text.data) || text.parentElement.closest("code, math")) continue;
    text.replaceWith(...withMaths(text.data));
  }
};
