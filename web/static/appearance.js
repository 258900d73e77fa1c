/** The language and the theme of the page, from the settings or from the browser. */
import { settings } from "./storage.js";
import { getLanguage, setLanguage } from "./strings.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");

/** Apply the settings to the whole document. */
export const applyAppearance = () => {
  const browserLanguage = navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
  setLanguage(settings.ui === "auto" ? browserLanguage : settings.ui);
  const dark = settings.theme === "dark" || (settings.theme === "system" && DARK.matches);
  const root = document.documentElement;
  root.dataset.nmTheme = dark ? "dark" : "light";
  root.style.colorScheme = dark ? "dark" : "light";
  root.lang = getLanguage();
};

/** Call a function when the browser changes between light and dark.
 * @param {() => void} changed
 */
export const onSchemeChange = (changed) => DARK.addEventListener("change", changed);
