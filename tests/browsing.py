"""What the browser tests share: how they open the page, ask, and read what it shows and keeps."""

from __future__ import annotations

import os
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.serving import REPOSITORY

SCREENS = REPOSITORY / "build" / "screens"
PICTURES = os.environ.get("NONMUN_TEST_PICTURES") == "1"  # read here, before the environment is cleared for the tests
MAMBA, GAMBA = "https://arxiv.org/abs/2312.00752", "https://arxiv.org/abs/2403.18795"
USES_MAMBA = "Mamba를 사용한 논문은?"

# Resolves once everything that moves has come to rest; what moves for ever does not count.
STILL = """() => Promise.allSettled(document.getAnimations()
  .filter(one => one.effect.getComputedTiming().endTime !== Infinity).map(one => one.finished))"""
WITHIN = 60_000  # milliseconds that anything may take on a busy machine
expect.set_options(timeout=WITHIN)

# Reads what the browser's database holds.
KEPT = """() => new Promise((resolve, reject) => {
  const request = indexedDB.open('nonmun', 1);
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    if (!request.result.objectStoreNames.contains('chats')) return resolve([]);
    const all = request.result.transaction('chats').objectStore('chats').getAll();
    all.onsuccess = () => { request.result.close(); resolve(all.result); };
  };
})"""


def open_page(browser: Browser, address: str, locale: str = "ko-KR", ready: bool = True, **options: Any) -> Page:
    page = browser.new_context(locale=locale, **{"viewport": {"width": 1440, "height": 900}, **options}).new_page()
    page.set_default_timeout(WITHIN)
    page.goto(address)
    if ready:
        page.wait_for_selector("#question textarea:enabled")
        page.wait_for_selector(".starters button, .turn", state="attached")
    return page


def ask(page: Page, question: str) -> str:
    """Ask and return the answer's text once it is whole and its next questions are there."""
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    return answer(page)


def answer(page: Page) -> str:
    last = page.locator(".turn").last
    last.locator(".foot, .problem").first.wait_for()
    expect(page.locator(".talk")).to_have_attribute("aria-busy", "false")
    return last.locator("[data-testid=bot]").inner_text()


def links(page: Page) -> set[str]:
    every = page.locator("#chat [data-testid=bot]").last.locator("a:not(.cite)")
    return set(every.evaluate_all("all => all.map(a => a.href)"))


def look(page: Page, name: str) -> None:
    """Hold what must be true of any state: no sideways scroll, the question box in sight. Take its picture where one is wanted."""
    if PICTURES:
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.evaluate("document.fonts.ready")
        page.evaluate(STILL)
        page.screenshot(path=SCREENS / f"{name}.png")
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator("#question").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= page.evaluate("innerHeight")


def kept_chats(page: Page) -> Any:
    """Return the chats that this browser keeps."""
    return page.evaluate(KEPT)


KO, EN = ("ko-KR", 390), ("en-US", 1440)  # the two readers of the tests that go for every width and language
WORDS = {
    "uses": ("Mamba를 사용한 논문은?", "Which papers used Mamba?"),
    "month": ("2023년 12월 논문 목록", "Papers of December 2023"),
    "compare": ("Mamba와 Gamba를 비교해 줘", "Compare Mamba and Gamba"),
    "authors": ("누가 논문을 가장 많이 썼어?", "Who wrote the most papers?"),
    "weather": ("오늘 서울 날씨 어때?", "What is the weather in Seoul?"),
    "explain": ("Gamba를 설명해 줘", "Explain Gamba"),
    "video": ("비디오 생성 논문 목록", "Papers on video generation"),
    "only_2024": ("그중 2024년 것만 보여 줘", "Of those, only the ones of 2024"),
}


# Forgets all that a browser keeps for the page.
FORGET = """async () => {
  localStorage.clear();
  sessionStorage.clear();
  for (const { name } of await indexedDB.databases())
    await new Promise(done => { const gone = indexedDB.deleteDatabase(name); gone.onsuccess = gone.onerror = gone.onblocked = done; });
}"""

# What a browser keeps besides chats: settings, visits, papers that were dismissed.
SETTINGS = """() => JSON.stringify([localStorage, sessionStorage].map(
  kept => Object.entries(kept).filter(([key]) => key !== 'nonmun.drafts.1').sort()))"""

# Makes an open page one of a new person who has no chats. False where a test has changed what only a new page brings back.
RENEWED = """async before => {
  const page = document.querySelector('nonmun-page');
  if (!page || (SETTINGS)() !== before || Object.values(page.filters).some(Boolean)) return false;
  if (page.side.querySelector('#saved .count').textContent || !fetch.toString().includes('native')) return false;
  for (const box of document.querySelectorAll('dialog')) box.close();
  if (page.filterBox.open) page.filterBox.toggle();
  page.list.search = page.list.box.value = '';
  page.startNew();
  await new Promise((done, failed) => {
    const opening = indexedDB.open('nonmun');
    opening.onerror = failed;
    opening.onsuccess = () => {
      const change = opening.result.transaction(['chats', 'answers'], 'readwrite');
      for (const name of ['chats', 'answers']) change.objectStore(name).clear();
      change.oncomplete = () => { opening.result.close(); done(); };
    };
  });
  localStorage.removeItem('nonmun.drafts.1');
  const tells = new BroadcastChannel('nonmun'), hears = new BroadcastChannel('nonmun');  // the page's own hears before it
  await new Promise(done => {
    hears.onmessage = done;
    tells.postMessage({ deleted: null });  // as another tab does that deletes all chats
  });
  tells.close();
  hears.close();
  while (page.querySelector('.chatlist .open') || !page.querySelector('.starters button'))
    await new Promise(done => setTimeout(done, 5));
  return true;
}""".replace("SETTINGS", SETTINGS)

# Lets questions come from another person than before: one person may ask only so many a minute.
SOMEBODY = """() => {
  const own = window.nonmunFetch ??= window.fetch, person = crypto.randomUUID();
  window.fetch = (path, options) => path === '/page/ask'
    ? own(path, { ...options, body: options.body.replace(/"person":"[^"]*"/, `"person":"${person}"`) }) : own(path, options);
  window.fetch.toString = () => 'native as far as a test is concerned';
}"""


class Desk:
    """A browser whose one tab the tests of a module share, since to load the page takes longer than most of them.

    Each test finds it as a new reader would.
    """

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context, self.site = context, site
        self._page: Page | None = None
        self._settings, self._size = "", ViewportSize(width=0, height=0)

    def tab(self) -> Page:
        """Return the tab for another test."""
        page = self._page
        self.context.set_offline(False)
        self.context.clear_permissions()
        if page is None or page.is_closed() or not self._is_renewed(page):
            page = self._opened()
        page.evaluate(SOMEBODY)
        return page

    def _is_renewed(self, page: Page) -> bool:
        for other in self.context.pages:
            if other is not page:
                other.close()
        page.unroute_all()
        page.emulate_media(media="null", color_scheme="null", reduced_motion="null")
        if not page.url.startswith(self.site):
            return False
        if page.viewport_size != self._size:
            page.set_viewport_size(self._size)
        page.mouse.move(0, 0)
        return bool(page.evaluate(RENEWED, self._settings))

    def _opened(self) -> Page:
        fresh = self.context.new_page()
        for other in self.context.pages:
            if other is not fresh:
                other.close()
        fresh.set_default_timeout(WITHIN)
        if self._page is not None:
            fresh.goto(f"{self.site}/healthz")
            fresh.evaluate(FORGET)
        fresh.goto(self.site)
        fresh.wait_for_selector("#question textarea:enabled")
        fresh.wait_for_selector(".starters button")
        self._page, self._settings, self._size = fresh, fresh.evaluate(SETTINGS), fresh.viewport_size or self._size
        return fresh


class Reader:
    """One reader's browser: a language and a width."""

    def __init__(self, context: BrowserContext, site: str, locale: str, width: int) -> None:
        self.desk = Desk(context, site)
        self.context, self.site, self.korean, self.wide = context, site, locale == "ko-KR", width > 1000

    def says(self, korean: str, english: str) -> str:
        return korean if self.korean else english

    def word(self, name: str) -> str:
        return self.says(*WORDS[name])

    def open(self, path: str = "") -> Page:
        page = self.context.new_page()
        page.set_default_timeout(WITHIN)
        page.goto(self.site + path)
        page.wait_for_selector("#question textarea:enabled")
        page.wait_for_selector(".starters button, .turn, .paper", state="attached")
        return page

    def menu(self, page: Page, row: str) -> None:
        """Press a row of the side, which a phone hides behind its menu."""
        if not self.wide:
            page.click("#menu")
        page.click(row)
