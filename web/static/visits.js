/** What is new since the last visit: the newest digest that the reader had when the page was opened before. */
import { readLocal, writeLocal } from "./storage.js";

const VISIT = "nonmun.visit.1";
const SINCE = "nonmun.since.1"; // of this tab, so that a refresh takes nothing for seen

/** @type {string} */
let since = "";

/** Note a visit. What came after the one before counts as new until the tab is closed.
 * @param {string | null | undefined} newest the day of the newest digest
 */
export const noteVisit = (newest) => {
  if (!newest || since) return;
  try {
    since = sessionStorage.getItem(SINCE) ?? readLocal(VISIT, newest);
    sessionStorage.setItem(SINCE, since);
  } catch {
    since = readLocal(VISIT, newest);
  }
  writeLocal(VISIT, newest);
};

/** Return the newest day that was there at the last visit; "" before the first. */
export const newSince = () => since;
