"""The chat page: everything Gradio, and only that. Questions go to `rag.pipeline`; what comes back is shown.

Nothing of a digest or a model reaches the page unescaped; every link is made here from an arXiv id. Pictures are loaded by
the reader's browser alone, once the reader has switched them on, and only from the hosts named below.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Gradio reads it on import; nothing is to leave this machine

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint
from starlette.middleware.trustedhost import TrustedHostMiddleware

from rag.answers import MARK, Answer, Citation, plain_title
from rag.errors import NonmunError
from rag.pipeline import Pipeline
from rag.settings import read_settings
from rag.wording import WORDING

PICTURE_HOSTS = ("cdn-uploads.huggingface.co", "cdn-thumbnails.huggingface.co", "cdn-avatars.huggingface.co")
MAX_BODY = 64 * 1024  # bytes of one request; a question is at most 2,000 characters
CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    f"img-src 'self' data: blob: {' '.join('https://' + host for host in PICTURE_HOSTS)}; media-src 'none'; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'; "
    "base-uri 'self'; form-action 'none'"
)
STARTERS = (
    "Mamba를 사용한 논문은?",
    "Which papers used Mamba?",
    "2023년 12월 논문 중 표가 가장 많은 3편은?",
    "6월 11일 논문 요약해 줘",
    "How fast is PowerInfer on a 4090?",
    "Ping Luo가 저자로 참여한 논문",
)
TEXT: dict[str, dict[str, str]] = {
    "ko": {
        "tagline": "논문 다이제스트에 물어보세요. 모든 답에 arXiv 링크가 붙습니다.",
        "placeholder": "한국어나 영어로 물어보세요",
        "ask": "묻기",
        "stop": "멈춤",
        "clear": "새 대화",
        "sources": "출처",
        "pictures": "그림 불러오기 (외부 서버에서 가져옵니다)",
        "starters": "이런 것을 물어볼 수 있습니다",
        "no_sources": "답변이 나오면 근거가 된 논문이 여기에 표시됩니다.",
    },
    "en": {
        "tagline": "Ask your paper digests. Every answer links to arXiv.",
        "placeholder": "Ask in Korean or English",
        "ask": "Ask",
        "stop": "Stop",
        "clear": "New chat",
        "sources": "Sources",
        "pictures": "Load pictures (from outside servers)",
        "starters": "You can ask, for instance",
        "no_sources": "The papers an answer rests on are shown here.",
    },
}
SOURCE_WORDS = {
    "ko": {"authors": "저자", "proposes": "제안", "uses": "사용", "compares": "비교", "mentions": "언급", "more": "외"},
    "en": {
        "authors": "Authors",
        "proposes": "proposes",
        "uses": "uses",
        "compares": "compares",
        "mentions": "mentions",
        "more": "and more",
    },
}
CSS = """
.gradio-container { max-width: 1180px !important; margin: 0 auto !important; }
.gradio-container, .gradio-container > .main, .gradio-container > .main > .wrap { width: 100% !important }
#tagline p { margin: 0; opacity: .75 }
#chat .message { line-height: 1.65 }
.nonmun-chips { font-size: .82em; opacity: .7; margin-bottom: .4em }
.nonmun-cards { display: flex; flex-direction: column; gap: 10px }
.nonmun-card { border: 1px solid var(--border-color-primary); border-radius: 10px; padding: 10px 12px; background: var(--block-background-fill);
  color: var(--body-text-color); overflow-wrap: anywhere }
.nonmun-card a { color: var(--link-text-color); font-weight: 600; text-decoration: none }
.nonmun-card a:hover { text-decoration: underline }
.nonmun-card .meta { font-size: .84em; opacity: .8; margin: 3px 0 }
.nonmun-card blockquote { margin: 6px 0 0 !important; padding: 2px 0 2px 10px !important; border-left: 3px solid var(--color-accent); font-size: .9em; line-height: 1.55 }
.nonmun-card img { max-width: 100%; max-height: 150px; border-radius: 6px; margin-top: 6px; display: block }
.nonmun-card .tag { font-size: .75em; border: 1px solid var(--border-color-primary); border-radius: 999px; padding: 0 8px; margin-left: 6px;
  white-space: nowrap }
.nonmun-empty { opacity: .6; padding: 12px 2px }
footer { display: none !important }
"""


I18N = gr.I18n(ko=TEXT["ko"], en=TEXT["en"])  # the interface follows the browser's language


def allowed_picture(url: str) -> bool:
    """Whether the page may ask the reader's browser to load a picture."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme == "https"
            and parts.hostname in PICTURE_HOSTS
            and parts.port is None
            and "@" not in parts.netloc
        )
    except ValueError:
        return False


def render_answer(text: str, answer: Answer | None) -> str:
    """Return an answer's Markdown for the chat: chips above, marks as links to arXiv, notices below."""
    if answer is None:
        return text
    urls = {citation.n: citation.paper.url for citation in answer.citations}
    linked = MARK.sub(
        lambda m: f"[\\[{m.group(1)}\\]]({urls[int(m.group(1))]})" if int(m.group(1)) in urls else m.group(), text
    )
    chips = " · ".join(html.escape(chip) for chip in answer.chips)
    notices = "".join(f"\n\n> {notice}" for notice in answer.notices)
    seconds = f"{answer.latency_ms / 1000:.2f}" if answer.latency_ms >= 10 else "0.01"
    return f'<div class="nonmun-chips">{chips} · {html.escape(answer.engine)} · {seconds} s</div>\n\n{linked}{notices}'


def render_sources(citations: tuple[Citation, ...], language: str, pictures: bool) -> str:
    """Return the source cards as HTML; every value is escaped, every link is arXiv's own."""
    if not citations:
        return f'<div class="nonmun-empty">{html.escape(TEXT[language]["no_sources"])}</div>'
    return '<div class="nonmun-cards">' + "".join(_card(c, language, pictures) for c in citations) + "</div>"


def _card(citation: Citation, language: str, pictures: bool) -> str:
    paper, words = citation.paper, SOURCE_WORDS[language]
    names = ", ".join(paper.authors[:6]) + (
        f" {words['more']} {len(paper.authors) - 6}" if len(paper.authors) > 6 else ""
    )
    tag = f'<span class="tag">{words[citation.relation]}</span>' if citation.relation else ""
    quotes = "".join(f"<blockquote>{html.escape(s.bullet.quote)}</blockquote>" for s in citation.evidence)
    picture = ""
    if pictures and paper.media and paper.media.kind == "image" and allowed_picture(paper.media.url):
        picture = f'<img src="{html.escape(paper.media.url)}" alt="" loading="lazy" referrerpolicy="no-referrer">'
    return (
        f'<div class="nonmun-card" id="source-{citation.n}">[{citation.n}] '
        f'<a href="{paper.url}" target="_blank" rel="noopener noreferrer">{html.escape(plain_title(paper.title))}</a>{tag}'
        f'<div class="meta">{paper.date:%Y-%m-%d} · {WORDING[language].votes(paper.votes)} · arXiv {html.escape(paper.arxiv_id)}</div>'
        f'<div class="meta">{words["authors"]}: {html.escape(names) or "—"}</div>{quotes}{picture}</div>'
    )


def _steps(text: str) -> Iterator[str]:
    """Show a finished text in a few growing pieces, cut at line ends."""
    ends = [match.end() for match in re.finditer(r"\n+", text)]
    for end in ends[1 :: max(1, len(ends) // 12)]:
        yield text[:end]


def _example(event: gr.SelectData) -> str:
    """The text of the starter question that was clicked."""
    return str(event.value["text"])


def build_page(pipeline: Pipeline) -> gr.Blocks:
    """Lay out the page over a pipeline. What a person asks is kept in that person's session alone."""
    words = I18N

    def respond(
        question: str, chat: list[dict[str, Any]], asked: list[str], pictures: bool
    ) -> Iterator[tuple[Any, Any, Any, Any, Any]]:
        """Answer one question, streaming. Never raises: the box would stay closed."""
        question = question.strip()
        if not question:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        said = html.escape(" ".join(question.split()))
        chat = [*chat, {"role": "user", "content": f"<div>{said}</div>"}]  # a block of HTML: no Markdown in it is read
        yield "", chat, gr.skip(), gr.skip(), gr.skip()
        try:
            for part in pipeline.stream(question, asked):
                if isinstance(part, str):
                    yield "", [*chat, {"role": "assistant", "content": part}], gr.skip(), gr.skip(), gr.skip()
                    continue
                if part.engine == "offline":
                    for piece in _steps(part.text):
                        shown = {"role": "assistant", "content": render_answer(piece, part)}
                        yield "", [*chat, shown], gr.skip(), gr.skip(), gr.skip()
                done = {"role": "assistant", "content": render_answer(part.text, part)}
                sources = render_sources(part.citations, part.language, pictures)
                yield "", [*chat, done], [*asked, question][-20:], sources, (part.citations, part.language)
        except NonmunError as error:
            yield (
                "",
                [*chat, {"role": "assistant", "content": html.escape(str(error))}],
                gr.skip(),
                gr.skip(),
                gr.skip(),
            )

    with gr.Blocks(title="논문 Nonmun", analytics_enabled=False) as page:
        asked, shown = gr.State([]), gr.State(((), "ko"))
        remembered = gr.BrowserState(False, storage_key="nonmun-pictures", secret="nonmun")
        gr.Markdown("# 논문 Nonmun", elem_id="title")
        gr.Markdown(words("tagline"), elem_id="tagline")
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320):
                chat = gr.Chatbot(
                    elem_id="chat",
                    height="66vh",
                    show_label=False,
                    sanitize_html=True,
                    layout="bubble",
                    buttons=["copy"],
                    placeholder=words("starters"),
                    examples=[{"text": starter} for starter in STARTERS],
                )
                with gr.Row():
                    box = gr.Textbox(
                        placeholder=words("placeholder"),
                        show_label=False,
                        scale=8,
                        autofocus=True,
                        max_length=2000,
                        elem_id="question",
                        container=False,
                    )
                    ask = gr.Button(words("ask"), variant="primary", scale=1, min_width=80, elem_id="ask")
                with gr.Row():
                    stop = gr.Button(words("stop"), size="sm", min_width=80, elem_id="stop")
                    clear = gr.Button(words("clear"), size="sm", min_width=80, elem_id="clear")
            with gr.Column(scale=3, min_width=300):
                gr.Markdown(words("sources"), elem_id="sources-title")
                pictures = gr.Checkbox(label=words("pictures"), value=False, elem_id="pictures")
                sources = gr.HTML(render_sources((), "ko", False), elem_id="sources")
        outputs = [box, chat, asked, sources, shown]
        inputs = [box, chat, asked, pictures]
        options: dict[str, Any] = {"concurrency_limit": 16, "api_visibility": "private"}
        running = [trigger(respond, inputs, outputs, **options) for trigger in (box.submit, ask.click)]
        chosen = chat.example_select(_example, None, [box], api_visibility="private")
        running.append(chosen.then(respond, inputs, outputs, **options))
        stop.click(None, cancels=running, api_visibility="private")
        for trigger in (clear.click, chat.clear):
            trigger(
                lambda: ("", [], [], render_sources((), "ko", False), ((), "ko")),
                None,
                outputs,
                api_visibility="private",
            )
        pictures.change(
            lambda on, held: (render_sources(held[0], held[1], on), on),
            [pictures, shown],
            [sources, remembered],
            api_visibility="private",
        )
        page.load(lambda on: bool(on), [remembered], [pictures], api_visibility="private")
    return page


def build_app(pipeline: Pipeline, hosts: list[str], auth: tuple[str, str] | None = None) -> FastAPI:
    """Wrap the page with what a browser-facing server needs: headers, known hosts, a limit on bodies, no uploads.

    `auth` is the name and password to ask for, or None.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def guard(request: Request, call_next: RequestResponseEndpoint) -> Response:
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY or request.url.path.endswith("/upload"):
            return Response("too large", status_code=413)
        response = await call_next(request)
        response.headers["Content-Security-Policy"] = CSP
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @app.get("/healthz")
    def health() -> dict[str, int]:
        return {"papers": len(pipeline.snapshot().catalogue)}

    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts)
    page = build_page(pipeline)
    return gr.mount_gradio_app(
        app,
        page,
        path="/",
        show_error=False,
        auth=auth,
        i18n=I18N,
        css=CSS,
        footer_links=[],
        enable_monitoring=False,
        run_history=False,
    )


def _is_loopback(host: str) -> bool:
    return host == "localhost" or host == "::1" or host.startswith("127.")


def _port_is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def main(argv: list[str] | None = None) -> int:
    """Serve the page until stopped; 2 when it cannot start."""
    parser = argparse.ArgumentParser(description="The Nonmun chat page.")
    parser.add_argument("--store", help="folder of the index, or http://host:port of a Chroma server")
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default 7860)")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    args = parser.parse_args(argv)
    try:
        settings = read_settings({"store": args.store, "host": args.host, "port": args.port})
        if not settings.auth.reveal() and not _is_loopback(settings.host):
            raise NonmunError(
                f"{settings.host} can be reached from outside. Set a name and password with NONMUN_AUTH=USER:PASSWORD."
            )
        if not _port_is_free(settings.host, settings.port):
            raise NonmunError(f"Port {settings.port} of {settings.host} is taken. Choose another with --port.")
        pipeline = Pipeline(settings)
        papers = len(pipeline.snapshot().catalogue)
    except NonmunError as error:
        sys.stderr.write(f"nonmun: {error}\n")
        return 2
    threading.Thread(target=_warm, args=(pipeline,), daemon=True).start()
    url = f"http://{settings.host}:{settings.port}"
    sys.stderr.write(f"{papers:,} papers. The page is at {url} (Ctrl+C stops it).\n")
    if args.open and (
        sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        threading.Timer(1.5, webbrowser.open, (url,)).start()
    hosts = ["127.0.0.1", "localhost", "[::1]"] if _is_loopback(settings.host) else ["*"]
    user, _, password = settings.auth.reveal().partition(":")
    page = build_app(pipeline, hosts, (user, password) if user else None)
    uvicorn.run(page, host=settings.host, port=settings.port, log_level="warning", timeout_graceful_shutdown=3)
    return 0


def _warm(pipeline: Pipeline) -> None:
    try:
        pipeline.warm()
    except NonmunError as error:
        sys.stderr.write(f"nonmun: {error}\n")


if __name__ == "__main__":
    sys.exit(main())
