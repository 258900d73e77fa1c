"""The head of the page. Gradio's speaks of Gradio; ours names this page and loads its style and its script."""

from __future__ import annotations

import re
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAME = "논문 Nonmun"
ABOUT = (
    "논문 다이제스트에 한국어나 영어로 묻고, 문장마다 arXiv 출처가 붙은 답을 받습니다. "
    "Questions about paper digests, answered with an arXiv link behind every statement."
)
_FOREIGN = re.compile(rb'[ \t]*<meta\s+(?:property="og:|name="twitter:)[^>]*?/?>\n?')


def head_tags(version: str, keeps_chats: bool = False) -> str:
    """Return the tags of the page. The fingerprint in the addresses avoids outdated copies.

    Where the server `keeps_chats`, the page opens no chats before it knows whose they are.
    """
    kept = '<meta name="nonmun-chats" content="server">' if keeps_chats else ""
    return (
        f'{kept}<meta name="color-scheme" content="light dark">'
        f'<meta name="description" content="{ABOUT}">'
        f'<meta property="og:title" content="{NAME}"><meta property="og:type" content="website">'
        f'<meta property="og:description" content="{ABOUT}">'
        f'<link rel="icon" type="image/svg+xml" href="/page/static/icon.svg?{version}">'
        f'<link rel="stylesheet" href="/page/static/page.css?{version}">'
        f'<script type="module" src="/page/static/page.js?{version}"></script>'
    )


def manifest(version: str) -> dict[str, Any]:
    """Return the manifest with which a browser installs the page as a program."""
    icon = {"src": f"/page/static/icon.svg?{version}", "sizes": "any", "type": "image/svg+xml"}
    return {"name": NAME, "short_name": "Nonmun", "description": ABOUT, "start_url": "/", "display": "minimal-ui",
            "background_color": "#fbfaf7", "theme_color": "#0b6455", "icons": [icon]}  # fmt: skip


class PageHead:
    """Put our tags into the head of Gradio's page, in the place of what it says of itself."""

    def __init__(self, app: ASGIApp, tags: str) -> None:
        """Take Gradio's application and our tags."""
        self.app, self._tags = app, tags.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] not in ("", "/"):
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def rewritten(message: Message) -> None:
            held.append(message)
            if message["type"] != "http.response.body" or message.get("more_body"):
                return
            body = b"".join(part.get("body", b"") for part in held[1:])
            if b"text/html" in dict(held[0]["headers"]).get(b"content-type", b""):
                body = _FOREIGN.sub(b"", body).replace(b"</head>", self._tags + b"</head>", 1)
                MutableHeaders(scope=held[0])["content-length"] = str(len(body))
            await send(held[0])
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, rewritten)
