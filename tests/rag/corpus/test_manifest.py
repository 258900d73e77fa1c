"""The manifest: digest entries by file, the papers that follow from them in any order, and their nodes."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus.digests import Digest, Problem, parse_digest
from rag.corpus.manifest import FileRecord, Manifest, NodeSpec, paper_nodes
from rag.corpus.papers import Bullet, Entry, Media, Paper, merge
from tests.doubles import KITE, MOSS, OWL, OWL_EN, TIDE
from vectorstore.errors import StoreCorruptError, StoreMismatchError

EMPTY = Manifest("embedder", "analysis", {})
ROOT = "/digests"


def digest(name: str, *entries: str, day: str = "2024-06-11") -> Digest:
    return parse_digest((f"## Daily Papers ({day})\n\n" + "\n".join(entries)).encode(), f"{ROOT}/{name}")


def after(base: Manifest, *digests: Digest, roots: tuple[str, ...] = (ROOT,), prune: bool = False) -> Manifest:
    return base.with_digests(digests, roots, prune=prune)


def ids(manifest: Manifest) -> list[str]:
    return list(manifest.papers())


# --- Papers from entries ---------------------------------------------------------------------------------------------


def test_papers_come_newest_first_then_by_id_and_two_languages_are_one_paper() -> None:
    manifest = after(
        EMPTY, digest("a.md", KITE, OWL), digest("a.en.md", OWL_EN), digest("b.md", TIDE, MOSS, day="2024-06-12")
    )
    assert ids(manifest) == ["2406.00003", "2406.00004", "2406.00001", "2406.00002"]
    owl = manifest.papers()["2406.00001"]
    assert (len(owl.ko), len(owl.en), owl.votes) == (2, 2, 31)


_entries = st.builds(
    Entry,
    arxiv_id=st.just("2406.00001"),
    title=st.sampled_from(["NightOwl", "NightOwL", "NightOwl: 새소리", "밤부엉이"]),
    date=st.sampled_from([date(2024, 6, 11), date(2024, 6, 12), date(2023, 1, 1)]),
    votes=st.none() | st.integers(0, 3),
    authors=st.lists(st.sampled_from(["Han Sora", "Otto Lind", "김민수"]), max_size=3, unique=True).map(tuple),
    authors_cut=st.booleans(),
    media=st.none()
    | st.builds(Media, st.sampled_from(["image", "video"]), st.sampled_from(["https://a", "https://b"])),
    language=st.sampled_from(["ko", "en", None]),
    bullets=st.lists(
        st.builds(Bullet, st.sampled_from(["가나", "다라", "가나다", "ab"]), st.sampled_from(["", "무엇"])), max_size=3
    ).map(tuple),
    line=st.integers(1, 3),
)


@given(st.lists(_entries, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_a_paper_does_not_depend_on_the_order_of_its_entries(entries: list[Entry], random: object) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge(shuffled) == merge(entries)


def test_any_order_of_ingests_gives_the_same_bytes_and_papers() -> None:
    digests = [
        digest("a.md", KITE, OWL), digest("a.en.md", OWL_EN), digest("b.md", TIDE, OWL.replace("31", "44"), day="2024-06-12")
    ]  # fmt: skip
    results = set()
    for order in itertools.permutations(digests):
        manifest = EMPTY
        for one in order:
            manifest = after(manifest, one, roots=(one.file,))
        results.add((b"".join(manifest.parts()), repr(manifest.papers())))
    assert len(results) == 1


def test_of_two_summaries_in_one_language_the_longer_stands_then_the_later() -> None:
    base = parse_digest(f"## Daily Papers (2024-06-11)\n\n{KITE}".encode(), "a.md").entries[0]
    longer = replace(base, bullets=(Bullet("이 요약이 다른 요약보다 확실히 더 길어야 하므로 아주 길게 씁니다. " * 4),))
    later = replace(base, bullets=(Bullet("가" * 10),), date=date(2024, 6, 12))
    earlier = replace(base, bullets=(Bullet("나" * 10),))
    assert merge([base, longer]).ko == longer.bullets
    assert merge([earlier, later]).ko == later.bullets


@pytest.mark.parametrize("text", [OWL, OWL_EN, KITE, TIDE, MOSS])
def test_an_entry_alone_makes_the_paper_that_it_makes_beside_itself(text: str) -> None:
    (entry,) = parse_digest(f"## Daily Papers (2024-06-11)\n\n{text}".encode(), "a.md").entries
    odd = replace(entry, authors=("Bae Yuna", "Han Sora", "Bae Yuna"), authors_cut=True, tags=("b", "a", "b"))
    for one in (entry, odd, replace(odd, authors=()), replace(entry, bullets=(), language=None, votes=None)):
        assert merge([one]) == merge([one, one])


# --- What a reading does to it ---------------------------------------------------------------------------------------


def test_the_same_digests_again_change_nothing() -> None:
    once = after(EMPTY, digest("a.md", OWL, KITE))
    assert after(once, digest("a.md", OWL, KITE)) == once


def test_a_then_b_then_a_is_the_same_as_a_then_b() -> None:
    a, b = digest("a/1.md", OWL), digest("b/1.md", KITE)
    both = after(after(EMPTY, a, roots=("/digests/a",)), b, roots=("/digests/b",))
    assert after(both, a, roots=("/digests/a",)) == both


def test_a_paper_that_its_file_lost_stays_and_is_counted_until_a_prune() -> None:
    whole = after(EMPTY, digest("a.md", OWL, KITE))
    kept = after(whole, digest("a.md", OWL))
    assert (ids(kept), kept.gone()) == (["2406.00001", "2406.00002"], {"2406.00002"})
    assert after(kept, digest("a.md", OWL)) == kept
    pruned = after(kept, digest("a.md", OWL), prune=True)
    assert (ids(pruned), pruned.gone()) == (["2406.00001"], set())


def test_a_lost_paper_that_comes_back_is_no_longer_gone() -> None:
    kept = after(after(EMPTY, digest("a.md", OWL, KITE)), digest("a.md", OWL))
    back = after(kept, digest("a.md", OWL, KITE))
    assert back == after(EMPTY, digest("a.md", OWL, KITE))


def test_a_deleted_file_keeps_its_papers_until_a_prune_under_its_own_folder() -> None:
    both = after(EMPTY, digest("a/1.md", OWL), digest("b/1.md", KITE), digest("ab/1.md", TIDE))
    other = digest("a/2.md", MOSS)
    kept = after(both, other, roots=("/digests/a",))
    assert kept.gone() == {"2406.00001"}
    assert len(ids(kept)) == 4
    pruned = after(both, other, roots=("/digests/a",), prune=True)
    assert sorted(ids(pruned)) == ["2406.00002", "2406.00003", "2406.00004"]  # /digests/ab is another folder


def test_a_paper_that_another_file_still_has_is_not_gone() -> None:
    both = after(EMPTY, digest("a.md", OWL), digest("b.md", OWL_EN))
    left = after(both, digest("b.md", OWL_EN))
    assert left.gone() == set()
    pruned = after(both, digest("b.md", OWL_EN), prune=True)
    assert (pruned.papers()["2406.00001"].ko, len(pruned.papers()["2406.00001"].en)) == ((), 2)


@pytest.mark.parametrize("prune", [False, True])
def test_a_file_that_cannot_be_read_keeps_its_papers_also_under_prune(prune: bool) -> None:
    whole = after(EMPTY, digest("a.md", OWL, KITE))
    unread = Digest(f"{ROOT}/a.md", "", (), (Problem(f"{ROOT}/a.md", 0, "cannot be read: Permission denied"),))
    kept = after(whole, unread, digest("b.md", TIDE), prune=prune)
    assert (sorted(ids(kept)), kept.gone()) == (["2406.00001", "2406.00002", "2406.00003"], set())
    assert after(kept, unread, digest("b.md", TIDE), prune=prune) == kept
    assert after(kept, digest("a.md", OWL, KITE), digest("b.md", TIDE)) == after(
        EMPTY, digest("a.md", OWL, KITE), digest("b.md", TIDE)
    )


def test_a_heading_that_became_unreadable_does_not_cost_its_paper() -> None:
    whole = after(EMPTY, digest("a.md", OWL, KITE))
    cut = digest("a.md", OWL, "### [PaperKite: 바람을 읽는 강화 학습](https://arx")
    assert cut.failed
    kept = after(whole, cut, prune=True)
    assert (ids(kept), kept.gone()) == (["2406.00001", "2406.00002"], set())


def test_a_summary_that_only_a_deleted_file_had_is_counted_as_outdated_and_a_moved_file_is_not() -> None:
    both = after(EMPTY, digest("a.md", OWL), digest("b.md", OWL_EN))
    assert after(both, digest("b.md", OWL_EN)).outdated() == {"2406.00001"}
    assert after(both, digest("b.md", OWL_EN), prune=True).outdated() == set()
    moved = after(both, digest("2024/a.md", KITE, OWL), digest("b.md", OWL_EN))
    assert (moved.outdated(), moved.gone()) == (set(), set())
    assert after(both, digest("b.md", KITE)).outdated() == set()  # those are gone


def test_an_entry_that_changed_replaces_the_old_one() -> None:
    whole = after(EMPTY, digest("a.md", OWL, KITE))
    edited = after(whole, digest("a.md", OWL.replace("87.5%", "91.2%"), KITE))
    assert "91.2%" in edited.papers()["2406.00001"].ko[1].text
    assert edited.gone() == set()


# --- Its JSON --------------------------------------------------------------------------------------------------------


@given(st.lists(_entries, max_size=4), st.lists(_entries, max_size=2))
def test_it_comes_back_from_its_bytes_as_it_was(entries: list[Entry], gone: list[Entry]) -> None:
    manifest = Manifest("e", "a", {"/d/한글 이름.md": FileRecord("ab", tuple(entries), tuple(gone))})
    assert Manifest.from_bytes(b"".join(manifest.parts()), "here") == manifest


def test_doubts_come_back_and_none_is_told_from_never_measured() -> None:
    measured = replace(after(EMPTY, digest("a.md", OWL)), doubts={"2406.00001": 0.93, "2406.00002": 0.07})
    assert Manifest.from_bytes(b"".join(measured.parts()), "here") == measured
    assert measured.doubtful == {"2406.00001"}
    assert Manifest.from_bytes(b"".join(replace(measured, doubts={}).parts()), "here").doubts == {}
    assert Manifest.from_bytes(b"".join(EMPTY.parts()), "here").doubts is None
    assert EMPTY.doubtful == frozenset()


GOOD = b"".join(after(EMPTY, digest("a.md", OWL, KITE)).parts())


@pytest.mark.parametrize(
    "data",
    [
        b"", b"null", b"[]", b"{}", b'"text"', b"\xff\xfe\x00", b'{"layout": 1}', GOOD[:-1], GOOD[: len(GOOD) // 2],
        b'{"layout":1,"embedder":"e","analysis":"a","files":[]}',
        b'{"layout":1,"embedder":"e","analysis":"a","files":{"f":7}}',
        b'{"layout":1,"embedder":"e","analysis":"a","files":{"f":["s",[["only an id"]],[]]}}',
        b'{"layout":1,"embedder":"e","analysis":"a","files":{"f":["s",[["i","t","no date",1,[],false,null,"ko",[],1]],[]]}}',
        b'{"layout":1,"embedder":"e","analysis":"a","files":{"f":["s",[["i","t",5,1,[],false,null,"ko",[],1]],[]]}}',
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_anything_else_is_one_sentence_that_names_the_store_and_the_way_out(data: bytes) -> None:
    with pytest.raises(
        StoreCorruptError, match=r"manifest of /my store cannot be read .*DIGESTS --rebuild --store '/my store'"
    ):
        Manifest.from_bytes(data, "/my store")


def test_another_layout_is_refused_and_not_read_as_an_empty_index() -> None:
    data = json.dumps({**json.loads(GOOD), "layout": 99}).encode()
    with pytest.raises(StoreMismatchError, match=r"has layout 99, .* reads layout 1\. .*--rebuild --store store"):
        Manifest.from_bytes(data, "store")


# --- Nodes -----------------------------------------------------------------------------------------------------------


def nodes_of(*entries: str) -> list[NodeSpec]:
    (paper,) = after(EMPTY, *(digest(f"{n}.md", one) for n, one in enumerate(entries))).papers().values()
    return paper_nodes(paper)


def test_there_is_a_node_for_each_summary_and_each_bullet_with_the_title_in_its_text() -> None:
    nodes = nodes_of(OWL, OWL_EN)
    assert [(n.language, n.bullet, n.metadata["kind"]) for n in nodes] == [
        ("ko", -1, "paper"), ("ko", 0, "bullet"), ("ko", 1, "bullet"),
        ("en", -1, "paper"), ("en", 0, "bullet"), ("en", 1, "bullet"),
    ]  # fmt: skip
    assert all(node.text.startswith("NightOwl: Listening") for node in nodes)
    assert nodes[1].text.endswith("구별합니다.")
    assert "87.5%" in nodes[0].text
    assert len({node.node_id for node in nodes}) == 6


def test_the_metadata_are_flat_and_filterable() -> None:
    whole, bullet = (node.metadata for node in nodes_of(KITE)[:2])
    assert whole["authors"] == ["Bae Yuna", "Han Sora"]
    assert bullet == {
        "arxiv_id": "2406.00002", "date": 20240611, "authors": "Bae Yuna, Han Sora", "votes": 8, "language": "ko", "kind": "bullet",
        "section": None,
    }  # fmt: skip


def test_a_paper_without_a_summary_has_one_node() -> None:
    (node,) = nodes_of("### [Only a title](https://arxiv.org/abs/2406.00009)\n")
    assert (node.node_id, node.text, node.metadata["language"]) == ("2406.00009", "Only a title", None)


def test_an_inserted_bullet_moves_no_other_node() -> None:
    before = {n.node_id: n.content for n in nodes_of(KITE) if n.bullet >= 0}
    after_it = {
        n.node_id: n.content for n in nodes_of(KITE.replace("- 연을", "- 새 글머리표입니다.\n- 연을")) if n.bullet >= 0
    }
    assert before.items() <= after_it.items()
    assert len(after_it) == len(before) + 1


def test_two_bullets_of_the_same_words_are_two_nodes() -> None:
    twice = Paper(
        "2406.1", "T", (date(2024, 6, 11),), None, (), False, None, (Bullet("같은 말"), Bullet("같은 말")), ()
    )
    ids = [node.node_id for node in paper_nodes(twice)]
    assert len(set(ids)) == 3
    assert ids[2] == f"{ids[1]}-2"


def test_the_content_hash_follows_text_and_metadata_and_nothing_else() -> None:
    one, same = nodes_of(KITE)[1], nodes_of(KITE)[1]
    assert one.content == same.content
    said = replace(one.paper, ko=(replace(one.paper.ko[0], text="연을 날리지 않습니다."),))
    assert one.content != replace(one, paper=said).content
    for change in ({"votes": 9}, {"authors": ("Bo Lee",)}):
        assert one.content != replace(one, paper=replace(one.paper, **change)).content  # type: ignore[arg-type]
    assert one.content == replace(one, paper=replace(one.paper, authors_cut=not one.paper.authors_cut)).content
