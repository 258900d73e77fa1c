"""One polite HTTP client for all sources: paced, retried, bounded in size and time, and with a cache on disk.

A reply is asked for again only if it has changed (ETag, Last-Modified). Nothing is sent but the address, and a redirect
never leads to another host.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from rag import __version__
from rag.errors import FeedError, ReplyError
from rag.language.text import one_line
from rag.settings import masked_url
from vectorstore.cache import TextCache

Read = TypeVar("Read")

TRIES = 4  # of one request, the first included
LONGEST_WAIT = 120.0  # seconds that a server may ask to wait; after that the run ends
MAX_REPLY = 20_000_000  # bytes of a reply; a day of papers has about 200,000
MAX_REDIRECTS = 3
AGENT = f"nonmun/{__version__} (reads new papers into a local digest)"
_MADE_BY = "reply:1"
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class _Kept:
    """A reply of an earlier run, with what tells whether it has changed."""

    body: bytes
    validators: Mapping[str, str]


class _PassingFault(Exception):
    """A fault that may be gone at the next try; `wait` is how many seconds the server asks for."""

    def __init__(self, said: str, wait: float = 0.0, reply: bool = False) -> None:
        super().__init__(said)
        self.said, self.wait, self.reply = said, wait, reply


def host_of(url: str) -> str:
    """Return the host of a URL with its port, for messages."""
    return urlsplit(url).netloc.rpartition("@")[2]


class FeedClient:
    """Gets replies of servers. `pause` is the least number of seconds between two requests; a retry waits longer.

    `timeout` is how many seconds a whole reply may take. `requests` counts what was sent, `spared` the replies that had
    not changed.
    """

    def __init__(
        self,
        pause: float,
        timeout: float,
        cache: TextCache | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pause, self._timeout, self._cache = pause, timeout, cache
        self._sleep, self._clock = sleep, clock
        self._http = httpx.Client(timeout=timeout, follow_redirects=False)
        self._last = -pause
        self.requests = self.spared = 0

    def close(self) -> None:
        """Close the connections and the cache."""
        self._http.close()
        if self._cache:
            self._cache.close()

    def get(self, url: str, read: Callable[[bytes], Read]) -> Read:
        """Return what `read` makes of the reply; it raises ValueError where that is not what it should be.

        Raises ReplyError for a reply that cannot be used, FeedError when the server cannot be reached or wants a pause.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(url, read)
            except _PassingFault as fault:
                wait = max(fault.wait, self._pause * 2 ** (attempt - 1))
                if fault.wait > LONGEST_WAIT:
                    raise FeedError(
                        f"{host_of(url)} asks to wait {fault.wait:,.0f} seconds. Try again after that."
                    ) from None
                if attempt == TRIES:
                    kind = ReplyError if fault.reply else FeedError
                    raise kind(f"{masked_url(url)}: {fault.said}, after {TRIES} tries. Try again later.") from None
            self._sleep(wait)
        raise AssertionError

    def _once(self, url: str, read: Callable[[bytes], Read]) -> Read:
        kept = self._kept(url)
        status, headers, body = self._reply(url, kept.validators if kept else {})
        if status == 304 and kept:
            self.spared += 1
            return read(kept.body)
        try:
            found = read(body)
        except ValueError as error:
            raise _PassingFault(
                f"the reply is not what it should be ({one_line(str(error), 120)})", reply=True
            ) from None
        self._keep(url, headers, body)
        return found

    def _reply(self, url: str, validators: Mapping[str, str]) -> tuple[int, httpx.Headers, bytes]:
        """Return the status, the headers and the body of a reply, after redirects within its host."""
        target = url
        for _ in range(MAX_REDIRECTS + 1):
            status, headers, body = self._send(target, validators)
            if status not in (301, 302, 303, 307, 308):
                return status, headers, body
            following = urljoin(target, headers.get("location", ""))
            ours, theirs = urlsplit(target), urlsplit(following)
            if ours.hostname != theirs.hostname or theirs.scheme not in (ours.scheme, "https"):
                raise ReplyError(
                    f"{host_of(target)} sends the request on to {masked_url(following)}. "
                    "If you want to go there, give that address."
                )
            target = following
        raise ReplyError(f"{host_of(url)} sends the request in circles.")

    def _send(self, url: str, validators: Mapping[str, str]) -> tuple[int, httpx.Headers, bytes]:
        self._wait_for_turn()
        self.requests += 1
        headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip", **validators}
        try:
            with self._http.stream("GET", url, headers=headers) as reply:
                self._check_status(reply)
                return reply.status_code, reply.headers, self._body(reply)
        except httpx.TimeoutException:
            raise _PassingFault(f"no answer within {self._timeout:g} seconds") from None
        except httpx.DecodingError:
            raise _PassingFault("the reply is damaged", reply=True) from None
        except httpx.RemoteProtocolError:
            raise _PassingFault("the connection broke in the middle of the reply") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise ReplyError(f"{masked_url(url)} is not an address that can be fetched: {error}.") from None
        except httpx.HTTPError as error:
            raise _PassingFault(
                f"the server cannot be reached ({one_line(str(error), 120) or type(error).__name__})"
            ) from None
        finally:
            self._last = self._clock()

    def _wait_for_turn(self) -> None:
        left = self._last + self._pause - self._clock()
        if left > 0:
            self._sleep(left)

    def _check_status(self, reply: httpx.Response) -> None:
        status = reply.status_code
        if status in _PASSING:
            raise _PassingFault(
                f"the server answers {status} {reply.reason_phrase}", _seconds(reply.headers.get("retry-after", ""))
            )
        if status >= 400:
            raise ReplyError(f"{masked_url(str(reply.url))}: the server answers {status} {reply.reason_phrase}.")

    def _body(self, reply: httpx.Response) -> bytes:
        """Return the body. Raises ReplyError where it is too large, and a passing fault where it takes too long."""
        started, parts, size = self._clock(), [], 0
        for part in reply.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > MAX_REPLY:
                raise ReplyError(
                    f"The reply of {host_of(str(reply.url))} has more than {MAX_REPLY / 1e6:.0f} MB. Ask for less."
                )
            if self._clock() - started > self._timeout:
                raise _PassingFault(f"the reply takes more than {self._timeout:g} seconds")
        return b"".join(parts)

    # --- cache -------------------------------------------------------------------------------------------------------
    def _kept(self, url: str) -> _Kept | None:
        value = self._cache.get(_MADE_BY, [url]).get(url) if self._cache else None
        if value is None:
            return None
        head, _, body = zlib.decompress(value).partition(b"\n")
        return _Kept(body, json.loads(head))

    def _keep(self, url: str, headers: httpx.Headers, body: bytes) -> None:
        pairs = (("If-None-Match", headers.get("etag")), ("If-Modified-Since", headers.get("last-modified")))
        validators = {name: value for name, value in pairs if value}
        if self._cache and validators:
            self._cache.put(_MADE_BY, {url: zlib.compress(json.dumps(validators).encode() + b"\n" + body)})


def _seconds(retry_after: str) -> float:
    """Return how long a Retry-After header asks to wait, a number of seconds or a time; 0 where it says nothing.

    >>> _seconds("7"), _seconds(""), _seconds("soon"), _seconds("Tue, 11 Jun 2024 00:00:00 GMT")
    (7.0, 0.0, 0.0, 0.0)
    """
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return float(retry_after.strip()[:9])
    try:
        until = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
