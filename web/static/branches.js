/** The turns of a chat form a tree: a question that was edited stands beside its earlier version, each with what followed. */

/** @param {KeptTurn} a @param {KeptTurn} b */
const older = (a, b) => a.asked - b.asked;

/** Return the versions of a turn, the oldest first.
 * @param {KeptTurn[]} turns
 * @param {{ before: string | null }} turn
 */
export const versionsOf = (turns, turn) => turns.filter((one) => one.before === turn.before).sort(older);

/** Return the turns from the first one down to a turn.
 * @param {KeptTurn[]} turns
 * @param {string} id
 */
export const pathTo = (turns, id) => {
  const byId = new Map(turns.map((turn) => [turn.id, turn]));
  const path = [];
  for (let turn = byId.get(id); turn && !path.includes(turn); turn = byId.get(turn.before)) path.unshift(turn);
  return path;
};

/** Return the conversation that goes through a turn: what came before it, and after it the newest of each.
 * @param {KeptTurn[]} turns
 * @param {string | null} [id] the newest turn where none is given or it is unknown
 */
export const pathThrough = (turns, id = null) => {
  const known = turns.some((turn) => turn.id === id);
  const newest = [...turns].sort(older).at(-1);
  const path = pathTo(turns, known ? id : newest?.id);
  for (;;) {
    const next = turns
      .filter((turn) => turn.before === path.at(-1)?.id && !path.includes(turn))
      .sort(older)
      .at(-1);
    if (!next || !path.length) return path;
    path.push(next);
  }
};
