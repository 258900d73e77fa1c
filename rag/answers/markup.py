"""Renders an answer's Markdown as HTML. All text is escaped, and links lead to known papers only.

The subset is small and is read line by line in linear time: paragraphs, two levels of lists, tables, bold, code, citation
marks. Everything else is shown as text, so no picture, foreign link or HTML of a digest or a model reaches the page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping

_JOINER = "&#8288;"  # no line ends here
MAX_TEXT = 40_000  # characters of an answer that are shown

_INLINE = re.compile(
    r"\\(?P<plain>[!-/:-@\[-`{-~])"
    r"|\[(?P<mark>\d{1,3})\](?!\()"
    r"|\[(?P<text>(?:\\.|[^\[\]\\])*)\]\((?P<url>[^\s()]*)\)"
    r"|\*\*(?P<bold>(?:\\.|[^*\\])+)\*\*"
    r"|`(?P<code>[^`]+)`"
    r"|(?P<br><br>)"
)
_ITEM = re.compile(r"^(?P<indent> *)(?:(?P<dash>[-*•])|(?P<n>\d{1,3})[.)])\s+(?P<rest>.*)$")
_WHOLE = re.compile(r"(?<![\d-])\d{4}-\d\d(?:-\d\d)?(?![\d-])|[)\]”’»」』%\"'](?:[가-힣]{1,6}|[,.;:])+")
_FOLLOWS = re.compile(r'(<a class="cite"[^>]*>\d+</a>|</(?:a|strong|code)>)((?:[가-힣]{1,6}|[,.;:])+)')
_CELL = re.compile(r"(?<!\\)\|")
_TITLED = re.compile(r"(<a href=[^>]*>[^<]*</a>)( · .+)", re.DOTALL)
_MARKED = re.compile(r'(.*?[^\s\u00a0])[\s\u00a0]*((?:[\s\u00a0]*<a class="cite"[^>]*>\d+</a>)+)', re.DOTALL)
_RULE = re.compile(r"^\|?[\s:|-]+\|?$")


def render(text: str, links: Collection[str], titles: Mapping[int, str]) -> str:
    """Return the HTML of an answer.

    `links` are the addresses that may be linked to. `titles` names the cited papers by their mark, for readers who hear
    the page. A mark or a link that is not among them is shown as text.
    """
    return _Page(frozenset(links), titles).blocks(text[:MAX_TEXT])


def _text(text: str) -> str:
    """Escape text.

    A date or a month is kept on one line, and a particle or an ellipsis with what it follows; a browser may break a line between.
    """
    text = text.replace(" …", "\u00a0…")
    made, at = [], 0
    for match in _WHOLE.finditer(text):
        made += [html.escape(text[at : match.start()]), f'<span class="whole">{html.escape(match.group())}</span>']
        at = match.end()
    return "".join([*made, html.escape(text[at:])])


def _kept_together(match: re.Match[str]) -> str:
    """Keep a particle or a comma on the line of the mark, link or bold word that it follows."""
    before, after = match.groups()
    if before.startswith("<a"):
        return f'<span class="whole">{before}{after}</span>'
    return f"{before}{_JOINER}{after}"


def _entry(said: str) -> str:
    """Set what follows the title of a paper apart from it: its date, its votes."""
    match = _TITLED.match(said)
    return f'{match[1]} <span class="meta">{match[2].removeprefix(" · ")}</span>' if match else said


def _points(subs: list[str]) -> str:
    """Return the statements of an entry, each with its marks beside it: the page may cut a statement, but no mark."""
    if not subs:
        return ""
    split = (_MARKED.fullmatch(sub) for sub in subs)
    items = (
        f'<li><span class="said">{m[1]}</span><span class="marks">{m[2]}</span></li>' if m else f"<li>{sub}</li>"
        for m, sub in zip(split, subs, strict=True)
    )
    return f"<ul>{''.join(items)}</ul>"


class _Page:
    def __init__(self, links: frozenset[str], titles: Mapping[int, str]) -> None:
        self.links, self.titles = links, titles

    def inline(self, text: str, bold: bool = True) -> str:
        made, at = [], 0
        for match in _INLINE.finditer(text):
            before = text[at : match.start()]
            if match["mark"] and before.endswith(" "):  # keeps the mark on the line of its word
                before = before[:-1] + "\u00a0"
            made.append(_text(before))
            made.append(self._token(match, bold))
            at = match.end()
        return _FOLLOWS.sub(_kept_together, "".join([*made, _text(text[at:])]))

    def _token(self, match: re.Match[str], bold: bool) -> str:
        found = match.groupdict()
        if found["plain"]:
            return html.escape(found["plain"])
        if found["mark"] and int(found["mark"]) in self.titles:
            n = int(found["mark"])
            return f'<a class="cite" href="#source-{n}" data-n="{n}" aria-label="{html.escape(f"[{n}] {self.titles[n]}")}">{n}</a>'
        if found["text"] is not None and found["url"] in self.links:
            inner = html.escape(re.sub(r"\\(.)", r"\1", found["text"]))
            return f'<a href="{html.escape(found["url"])}" target="_blank" rel="noopener noreferrer">{inner}</a>'
        if found["bold"] and bold:
            return f"<strong>{self.inline(found['bold'], bold=False)}</strong>"
        if found["code"]:
            return f"<code>{html.escape(found['code'])}</code>"
        return "<br>" if found["br"] else html.escape(match.group())

    def blocks(self, text: str) -> str:
        made: list[str] = []
        lines = text.split("\n")
        at = 0
        while at < len(lines):
            line = lines[at]
            if not line.strip():
                at += 1
                continue
            for opens, build in ((self._is_row, self._table), (_ITEM.match, self._list), (bool, self._paragraph)):
                if opens(line):
                    piece, at = build(lines, at)
                    made.append(piece)
                    break
        return "\n".join(made)

    @staticmethod
    def _is_row(line: str) -> bool:
        return line.lstrip().startswith("|")

    def _table(self, lines: list[str], at: int) -> tuple[str, int]:
        rows = []
        while at < len(lines) and self._is_row(lines[at]):
            if not _RULE.match(lines[at].strip()):
                rows.append(_CELL.split(lines[at].strip().strip("|")))
            at += 1
        head, *body = [[self.inline(cell.strip()) for cell in row] for row in rows] or [[""]]
        top = "".join(f"<th scope=col>{cell}</th>" for cell in head)
        rest = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in body)
        return (
            f'<div class="scroll" tabindex="0"><table><thead><tr>{top}</tr></thead><tbody>{rest}</tbody></table></div>',
            at,
        )

    def _list(self, lines: list[str], at: int) -> tuple[str, int]:
        """Render the items of a list. An indented item belongs to the one before it, one level deep."""
        items: list[tuple[str, list[str]]] = []
        first = _ITEM.match(lines[at])
        assert first
        tag = "ol" if first["n"] else "ul"
        start = int(first["n"] or 1)
        while at < len(lines):
            match = _ITEM.match(lines[at])
            if match is None:
                if not lines[at].strip() and at + 1 < len(lines) and (_ITEM.match(lines[at + 1]) or None):
                    at += 1
                    continue
                break
            if len(match["indent"]) >= 2 and items:
                items[-1][1].append(self.inline(match["rest"]))
            elif bool(match["n"]) == (tag == "ol"):
                items.append((self.inline(match["rest"]), []))
            else:
                break
            at += 1
        inner = "".join(f"<li>{_entry(said)}{_points(subs)}</li>" for said, subs in items)
        numbered = f' start="{start}"' if tag == "ol" and start != 1 else ""
        return f"<{tag}{numbered}>{inner}</{tag}>", at

    def _paragraph(self, lines: list[str], at: int) -> tuple[str, int]:
        said = []
        while at < len(lines) and lines[at].strip() and not self._is_row(lines[at]) and not _ITEM.match(lines[at]):
            said.append(self.inline(re.sub(r"^\s*(?:#{1,6} |> ?)", "", lines[at]).strip()))
            at += 1
        return f"<p>{'<br>'.join(said)}</p>", at
