"""The client of feeds against a real server on loopback: paced, patient, bounded, and never asking twice for the same."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from rag.errors import FeedError, ReplyError
from rag.feeds import client as clients
from rag.feeds.client import FeedClient
from tests.feed_server import Feeds
from vectorstore.cache import TextCache


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, []  # type: float, list[float]

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(clock: Clock) -> Iterator[FeedClient]:
    made = FeedClient(3.0, 5.0, sleep=clock.sleep, clock=lambda: clock.now)
    yield made
    made.close()


def listed(body: bytes) -> Any:
    return json.loads(body)


def test_two_requests_have_the_pause_between_them(feeds: Feeds, client: FeedClient, clock: Clock) -> None:
    feeds.files["/a"] = "[1]"
    assert [client.get(f"{feeds.url}/a", listed) for _ in range(2)] == [[1], [1]]
    assert clock.slept == [3.0]


def test_it_says_who_asks_and_sends_nothing_else(feeds: Feeds, client: FeedClient) -> None:
    feeds.files["/a"] = "[]"
    client.get(f"{feeds.url}/a", listed)
    sent = feeds.headers[0]
    assert sent["user-agent"].startswith("nonmun/")
    assert set(sent) == {"host", "accept", "accept-encoding", "connection", "user-agent"}


@pytest.mark.parametrize("fault", [(429, {}), (503, {}), (500, {}), "half", "hangup", "garbage"])
def test_a_fault_that_passes_is_tried_again_after_a_longer_and_longer_wait(
    feeds: Feeds, client: FeedClient, clock: Clock, fault: Any
) -> None:
    feeds.files["/a"] = json.dumps(list(range(50)))
    feeds.faults = [fault, fault]
    assert client.get(f"{feeds.url}/a", listed) == list(range(50))
    assert len(feeds.requests) == 3
    assert clock.slept == [3.0, 6.0]


@pytest.mark.parametrize("retry_after", ["40", "date"])
def test_a_server_that_names_a_time_is_left_alone_until_then(
    feeds: Feeds, client: FeedClient, clock: Clock, retry_after: str
) -> None:
    feeds.files["/a"] = "[]"
    when = (
        format_datetime(datetime.now(UTC) + timedelta(seconds=41), usegmt=True)
        if retry_after == "date"
        else retry_after
    )
    feeds.faults = [(429, {"Retry-After": when})]
    client.get(f"{feeds.url}/a", listed)
    assert 38 <= clock.slept[0] <= 41


def test_a_server_that_asks_for_an_hour_ends_the_run_and_is_not_asked_again(
    feeds: Feeds, client: FeedClient, clock: Clock
) -> None:
    feeds.faults = [(429, {"Retry-After": "3600"})]
    with pytest.raises(FeedError, match="asks to wait 3,600 seconds"):
        client.get(f"{feeds.url}/a", listed)
    assert (len(feeds.requests), clock.slept) == (1, [])


@pytest.mark.parametrize(
    ("faults", "error", "said"),
    [([(500, {})] * 4, FeedError, "answers 500"), (["garbage"] * 4, ReplyError, "not what it should be"), (["half"] * 4, FeedError, "broke in the middle")],
)  # fmt: skip
def test_after_four_tries_it_says_what_was_wrong(
    feeds: Feeds, client: FeedClient, faults: list[Any], error: type[Exception], said: str
) -> None:
    feeds.files["/a"] = json.dumps(list(range(50)))
    feeds.faults = faults
    with pytest.raises(FeedError, match=said) as raised:
        client.get(f"{feeds.url}/a", listed)
    assert type(raised.value) is error
    assert "after 4 tries" in str(raised.value)
    assert len(feeds.requests) == 4


def test_what_is_not_there_is_not_asked_for_again(feeds: Feeds, client: FeedClient) -> None:
    with pytest.raises(ReplyError, match="answers 404 Not Found"):
        client.get(f"{feeds.url}/nothing", listed)
    assert len(feeds.requests) == 1


def test_a_reply_that_does_not_come_or_drips_is_cut_at_the_limit(feeds: Feeds) -> None:
    feeds.files["/a"] = json.dumps(list(range(500)))
    impatient = FeedClient(0.0, 0.4)
    for fault, said in (("slow", "no answer within 0.4 seconds"), ("drip", "takes more than 0.4 seconds")):
        feeds.faults = [fault] * 4
        with pytest.raises(FeedError, match=said):
            impatient.get(f"{feeds.url}/a", listed)
    impatient.close()


def test_a_server_that_is_not_there_is_named(client: FeedClient) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"http://127.0.0.1:{free.getsockname()[1]}/a"
    with pytest.raises(FeedError, match="cannot be reached") as raised:
        client.get(place, listed)
    assert place in str(raised.value)


def test_a_reply_that_has_not_changed_is_taken_from_the_disk(feeds: Feeds, tmp_path: Path) -> None:
    feeds.files["/a"] = "[1, 2]"
    for _ in range(2):  # two runs
        cache = TextCache(tmp_path / "feeds.sqlite")
        client = FeedClient(0.0, 5.0, cache)
        assert client.get(f"{feeds.url}/a", listed) == [1, 2]
        client.close()
    assert (client.spared, feeds.unchanged) == (1, 1)
    assert "if-none-match" not in feeds.headers[0]


def test_a_reply_that_has_changed_is_read_anew_and_a_bad_one_is_never_kept(feeds: Feeds, tmp_path: Path) -> None:
    cache = TextCache(tmp_path / "feeds.sqlite")
    client = FeedClient(0.0, 5.0, cache)
    feeds.files["/a"] = "[1]"
    assert client.get(f"{feeds.url}/a", listed) == [1]
    feeds.faults = ["garbage"]
    feeds.files["/a"] = "[1, 2]"
    assert client.get(f"{feeds.url}/a", listed) == [1, 2]
    assert '"bad"' not in [sent.get("if-none-match") for sent in feeds.headers]
    client.close()


def test_a_reply_without_end_is_refused(feeds: Feeds, client: FeedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "MAX_REPLY", 10_000)
    feeds.files["/a"] = "[" + "0," * 10_000 + "0]"
    with pytest.raises(ReplyError, match="MB"):
        client.get(f"{feeds.url}/a", listed)
    assert len(feeds.requests) == 1


def test_a_redirect_within_the_host_is_followed_and_one_elsewhere_is_named(feeds: Feeds, client: FeedClient) -> None:
    feeds.files["/b"] = "[7]"
    feeds.redirects = {"/a": "/b", "/c": "http://169.254.169.254/latest", "/d": "/d"}
    assert client.get(f"{feeds.url}/a", listed) == [7]
    with pytest.raises(ReplyError, match=r"sends the request on to http://169\.254\.169\.254/latest"):
        client.get(f"{feeds.url}/c", listed)
    with pytest.raises(ReplyError, match="in circles"):
        client.get(f"{feeds.url}/d", listed)


def test_a_password_in_an_address_is_never_said(feeds: Feeds, client: FeedClient) -> None:
    with pytest.raises(ReplyError) as raised:
        client.get(feeds.url.replace("http://", "http://kim:secret@") + "/nothing?key=secret", listed)
    assert "secret" not in str(raised.value)
