"""The page's routes for followed questions and for “For you”, over the real program: what is new, what is seen, who may change it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.serving import quick_hash, serving

pytestmark = pytest.mark.server
MAMBA = "Mamba를 언급한 논문은?"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {"NONMUN_FOLLOW": str(tmp_path_factory.mktemp("book") / "follow.sqlite")}


@pytest.fixture(scope="module")
def server(seeds_home: Path, book: dict[str, str]) -> Iterator[httpx.Client]:
    with serving(seeds_home, **book) as address, httpx.Client(base_url=address, timeout=120) as client:
        yield client


@pytest.fixture
def page(server: httpx.Client) -> httpx.Client:
    """The page of a server that follows nothing yet."""
    for one in server.get("/page/followed").json():
        assert server.post("/page/unfollow", json={"name": one["name"]}).status_code == 204
    return server


def test_a_question_is_followed_told_and_forgotten(page: httpx.Client) -> None:
    assert page.get("/page/state").json()["follow"] is True
    assert page.get("/page/followed").json() == []
    made = page.post("/page/follow", json={"question": MAMBA}).json()
    assert made["papers"] > 1
    again = page.post("/page/follow", json={"question": MAMBA}).json()
    assert again["name"] == f"{made['name']}-2"
    assert page.get("/page/followed").json()[0] == {"name": made["name"], "question": MAMBA, "papers": 0}
    news = page.get("/page/news", params={"name": made["name"]}).json()
    assert (news["question"], news["fits"], news["new"]) == (MAMBA, made["papers"], [])
    assert page.post("/page/unfollow", json={"name": made["name"]}).status_code == 204
    assert [one["name"] for one in page.get("/page/followed").json()] == [again["name"]]


def test_a_plan_that_the_reader_made_is_followed_as_it_is(page: httpx.Client) -> None:
    plan = {"kind": "list", "terms": ["Mamba"], "relation": "mention", "date_from": "2024-01-01"}
    made = page.post("/page/follow", json={"question": "용어 Mamba · 2024-01-01~", "plan": plan}).json()
    whole = page.post("/page/follow", json={"question": MAMBA}).json()
    assert 0 < made["papers"] < whole["papers"]


@pytest.mark.parametrize("question", ["Mamba가 뭐야?", "안녕", "표가 가장 많은 논문 3편"])
def test_what_asks_for_no_set_is_refused_with_the_reason(page: httpx.Client, question: str) -> None:
    reply = page.post("/page/follow", json={"question": question})
    assert (reply.status_code, "asks for no set" in reply.json()["detail"]) == (409, True)


def test_bad_requests_are_refused(page: httpx.Client) -> None:
    assert page.post("/page/follow", json={"question": ""}).status_code == 422
    assert page.post("/page/follow", json={"question": "x" * 5_000}).status_code == 422
    assert page.get("/page/news", params={"name": "nothing"}).status_code == 409
    assert page.post("/page/seen", json={"name": "nothing", "papers": []}).status_code == 409
    assert page.post("/page/for-you", json={"stars": ["1"] * 3_000}).status_code == 422


def test_a_day_is_ranked_by_stars_and_leaves_out_what_was_dismissed(page: httpx.Client) -> None:
    day = page.get("/page/day").json()
    ids = [paper["id"] for paper in day["papers"]]
    few = page.post("/page/for-you", json={"stars": ids[:4]}).json()
    assert few == {"day": day["day"], "papers": []}
    ranked = page.post("/page/for-you", json={"stars": ids[:6], "dismissed": ids[6:7]}).json()
    assert sorted(paper["id"] for paper in ranked["papers"]) == sorted(set(ids) - set(ids[6:7]))
    for paper in ranked["papers"]:
        near = [one["id"] for one in paper["near"]]
        assert len(near) == 2
        assert set(near) <= set(ids[:6]) - {paper["id"]}


def test_strangers_can_neither_follow_nor_see_what_is_followed(seeds_home: Path, tmp_path: Path) -> None:
    book = {"NONMUN_FOLLOW": str(tmp_path / "follow.sqlite")}
    with serving(seeds_home, NONMUN_AUTH="off", NONMUN_TRUSTED_PROXY="10.0.0.1", **book) as address:
        assert httpx.get(f"{address}/page/state", timeout=60).json()["follow"] is False
        for path in ("followed", "news?name=x"):
            assert httpx.get(f"{address}/page/{path}", timeout=60).status_code == 404
        for path, sent in (("follow", {"question": MAMBA}), ("unfollow", {"name": "x"}), ("seen", {"name": "x"})):
            assert httpx.post(f"{address}/page/{path}", json=sent, timeout=60).status_code == 404
    assert not Path(book["NONMUN_FOLLOW"]).exists()


def test_a_feed_opens_with_its_token_or_for_a_reader_and_with_nothing_else(
    seeds_home: Path, tmp_path: Path, book: dict[str, str]
) -> None:
    accounts = tmp_path / "readers"
    accounts.write_text(f"kim:{quick_hash('소나무는 늘 푸르다')}\n", encoding="utf-8")
    settings = {"NONMUN_AUTH_FILE": str(accounts), "NONMUN_FOLLOW_TOKEN": "a feed's token", **book}
    with serving(seeds_home, **settings) as address, httpx.Client(base_url=address, timeout=60) as reader:
        reader.post("/login", data={"username": "kim", "password": "소나무는 늘 푸르다"})
        name = reader.post("/page/follow", json={"question": MAMBA}).json()["name"]
        feed, token = f"{address}/feeds/{quote(name)}.atom", quote("a feed's token")
        assert httpx.get(f"{feed}?token={token}", timeout=60).status_code == 200
        for wrong in ("", "?token=", "?token=other"):
            assert httpx.get(f"{feed}{wrong}", timeout=60).status_code == 401
        assert reader.get(feed).status_code == 200
        assert httpx.get(f"{address}/page/followed?token={token}", timeout=60).status_code == 401
