"""Exact look-ups over all papers. The papers are invented; expected sets are written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.corpus.authors import name_key
from rag.corpus.catalogue import Catalogue, Mask
from rag.corpus.mentions import meant, statements
from rag.corpus.papers import Bullet, Paper


def paper(
    number: int, title: str, ko: str = "", en: str = "", days: tuple[date, ...] = (date(2024, 3, 1),),
    votes: int | None = None, authors: tuple[str, ...] = (),
) -> Paper:  # fmt: skip
    return Paper(
        f"2403.0000{number}", title, days, votes, authors, False, None,
        tuple(map(Bullet, filter(None, ko.split("\n")))), tuple(map(Bullet, filter(None, en.split("\n")))),
    )  # fmt: skip


PAPERS = [
    paper(1, "VMamba: Vision", "긴 영상을 처리합니다.\n선형으로 커집니다.", authors=("Ada Kim", "Bo Lee")),
    paper(2, "Kite", "맘바를 씁니다.", "It uses Mamba.", authors=("Kim, Ada", "José Núñez")),
    paper(3, "Owl", "콜모고로프-아놀드 망입니다.", authors=("Ashkan Lee", "A. Kim")),
    paper(4, "KAN: Networks", "망을 제안합니다.", days=(date(2024, 3, 1), date(2024, 4, 2)), votes=7, authors=("Bo Lee",)),
    paper(5, "Drama", "드라마와 mambo, Ashkan, 맘바람을 다룹니다.", days=(date(2024, 5, 5),)),
]  # fmt: skip
BOOK = Catalogue({p.arxiv_id: p for p in PAPERS}, "g1")


def ids_of(book: Catalogue, mask: Mask) -> list[str]:
    return [paper.arxiv_id for paper in book.at(mask)]


def numbers(ids: object) -> list[int]:
    return [int(str(i)[-1]) for i in ids]  # type: ignore[attr-defined]


def test_terms_are_found_alike_with_and_without_the_index_of_runs() -> None:
    """The first look-ups go through the whole text, later ones through an index of it."""
    for text in ("Mamba", "KAN", "긴영상", "없는말", "망"):
        first, later = Catalogue(BOOK.papers), Catalogue(BOOK.papers)
        later.ready()
        assert [*first.mentioning(meant(text))] == [*later.mentioning(meant(text))], text
    many = Catalogue(BOOK.papers)
    found = [[*many.mentioning(meant(f"{text}{'s' * at}"))] for at in range(30) for text in ("Mamba", "KAN")]
    assert found[0] == ["2403.00001", "2403.00002", "2403.00005"]
    assert [*many.mentioning(meant("긴영상"))] == ["2403.00001"]


def test_a_catalogue_that_follows_another_finds_what_one_made_at_once_does() -> None:
    asked = ("Mamba", "KAN", "망", "Owl", "드라마", "없는말")
    said = replace(PAPERS[4], ko=(Bullet("KAN을 다룹니다."),), en=())  # it said mambo, Ashkan and drama before
    voted = replace(PAPERS[0], votes=99, dates=(date(2024, 6, 1),))
    steps = [PAPERS[:1], PAPERS[1:4], PAPERS[:5], [voted, *PAPERS[2:4], said], [said, *PAPERS[:4]], []]
    before: Catalogue | None = None
    for step in steps:
        papers = {one.arxiv_id: one for one in step}
        book, anew = Catalogue(papers, before=before), Catalogue(papers)
        for text in asked:
            for least in (1, 2, 3):
                assert book.knows(meant(text), least) == anew.knows(meant(text), least), (text, least)
            assert [*book.mentioning(meant(text))] == [*anew.mentioning(meant(text))], text
            assert [*book.mentioning(meant(text)).values()] == [*anew.mentioning(meant(text)).values()], text
        before = book


def test_only_papers_that_are_new_or_say_something_else_are_looked_through_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    BOOK.mentioning(meant("Mamba"))
    assert not BOOK.knows(meant("KAN"), 9)
    said = replace(PAPERS[2], en=(Bullet("A KAN with Mamba."),))
    later = Catalogue({one.arxiv_id: one for one in (*PAPERS[:2], said, *PAPERS[3:])}, before=BOOK)
    looked: list[int] = []
    stands = Catalogue._stands
    monkeypatch.setattr(Catalogue, "_stands", lambda self, row, *of: looked.append(row) or stands(self, row, *of))
    assert numbers(later.mentioning(meant("Mamba"))) == [1, 2, 3, 5]
    assert later.knows(meant("KAN"), 2)
    assert set(looked) == {2}


def test_words_like_a_misspelt_one_begin_as_it_does() -> None:
    book = Catalogue({p.arxiv_id: p for p in [paper(1, "Mamba and Mambo, Gamba, Mambalaya")]})
    assert sorted(book.words_like("mamba", 1)) == ["mamba", "mambo"]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("Mamba", [1, 2, 5]), ("맘바", [1, 2, 5]), ("mamba", [1, 2, 5]), ("KAN", [3, 4]), ("kan", [3, 4]),
        ("Owl", [3]), ("영상", [1]), ("긴영상", [1]), ("선형", [1]), ("없는말", []), ("Ada Kim", []),
        ("Kite 또는 Owl", [2, 3]), ("Kite or KAN", [2, 3, 4]),
    ],
)  # fmt: skip
def test_a_term_finds_every_paper_that_names_it_in_title_or_summary(term: str, expected: list[int]) -> None:
    assert numbers(BOOK.mentioning(meant(term))) == expected


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("TTS 모델입니다.", True),
        ("음성 합성(Text-to-Speech; TTS) 모델입니다.", True),
        ("글을 말로 바꾸는 text to speech (TTS)", True),
        ("음성 합성과 시험 시간 확장(Test-Time Scaling, TTS)을 다룹니다.", True),  # it is named by its other name
        ("시험 시간 확장(Test-Time Scaling; TTS)을 다룹니다.", False),
        ("We study test-time scaling (TTS).", False),
        ("Test Time Scaling(TTS)은 느립니다. TTS는 비쌉니다.", False),
        ("Scaling (TTS)", True),  # too little to tell
    ],
)
def test_an_acronym_that_a_paper_spells_out_as_something_else_does_not_name_the_term(said: str, named: bool) -> None:
    book = Catalogue({p.arxiv_id: p for p in [paper(1, "Kite", said)]})
    assert numbers(book.mentioning(meant("음성 합성"))) == [1] * named
    assert book.knows(meant("TTS")) is named


@pytest.mark.parametrize(("term", "papers", "known"), [("맘바", 3, True), ("맘바", 4, False), ("Owl", 1, True), ("Owl", 2, False), ("없는말", 1, False), ("", 1, False)])  # fmt: skip
def test_it_is_known_whether_so_many_papers_name_a_term(term: str, papers: int, known: bool) -> None:
    assert BOOK.knows(meant(term), papers) is known


def test_a_technical_report_is_named_by_what_it_reports_on() -> None:
    book = Catalogue({"2403.00001": paper(1, "Kite2.5-VL Technical Report")})
    assert book.named("kite2.5-vl") == book.named("Kite2.5-VL Technical Report") == ("2403.00001",)


def test_a_name_with_a_nickname_is_the_name_of_its_paper() -> None:
    titles = ['KITE-7 "Milan" with Long Wings', 'Owls "Speak" at Night', '"Kite" Is a Toy']
    papers = [paper(number, title) for number, title in enumerate(titles, start=1)]
    assert [one.name for one in papers] == ["KITE-7", "", ""]
    book = Catalogue({one.arxiv_id: one for one in papers})
    assert numbers(book.named("kite-7")) == [1]


def test_a_paper_is_found_by_its_whole_title_in_a_text() -> None:
    book = Catalogue({"2403.00001": paper(1, "VMamba: Vision of a State Space"), "2403.00002": paper(2, "Kite")})
    assert book.titled("“vmamba: vision of a state-space” 논문을 요약해 줘") == ("2403.00001",)
    assert book.titled("VMamba: Vision of a 논문과 Kite 논문을 비교해 줘") == ()


def test_who_wrote_most_is_counted_by_person_in_these_papers_only() -> None:
    # by hand: Ada Kim 1 and 2 (once as "Kim, Ada"), Bo Lee 1 and 4, and three people with one paper
    everyone = np.arange(4)
    assert [(name, numbers(ids)) for name, ids in BOOK.authors.most(everyone, 2)[0]] == [
        ("Ada Kim", [1, 2]), ("Bo Lee", [1, 4])
    ]  # fmt: skip
    people, tied = BOOK.authors.most(everyone, 3)
    assert (len(people), len(people[2][1]), tied) == (3, 1, 2)
    people, tied = BOOK.authors.most(everyone, 9, ["ada KIM"])
    assert ([len(ids) for _, ids in people], tied) == ([2, 1, 1, 1], 0)
    assert "Ada Kim" not in dict(people)
    assert BOOK.authors.most(np.arange(0), 9) == ([], 0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["Li Dong", "Dong Li", "Dong, Li", "Wei Wu", "wei wu", "Ann B", "B Ann", "C"]), max_size=5), max_size=9),
    st.integers(1, 6), st.data(),
)  # fmt: skip
def test_who_wrote_most_is_what_counting_each_person_alone_gives(
    papers: list[list[str]], limit: int, data: st.DataObject
) -> None:
    book = Catalogue({p.arxiv_id: p for n, names in enumerate(papers) for p in [paper(n, "A", authors=tuple(names))]})
    rows = sorted(data.draw(st.sets(st.sampled_from(range(len(papers)))))) if papers else []
    inside = {f"2403.0000{row}" for row in rows}
    # one person for each order of the parts of a name; "Dong, Li" is "Li Dong"
    people = {("Li Dong" if name == "Dong, Li" else name).casefold() for names in papers for name in names}
    told = sorted(filter(None, (len(inside & {*book.authors.papers(name)}) for name in people)), reverse=True)
    found, tied = book.authors.most(np.array(rows, dtype=np.int64), limit)
    assert [len(ids) for _, ids in found] == told[:limit]
    assert all({*ids} == inside & {*book.authors.papers(name)} for name, ids in found)
    assert tied == sum(count == told[limit - 1] for count in told[limit:])


def test_the_authors_that_share_a_part_of_a_name_are_listed() -> None:
    assert BOOK.authors.sharing("lee") == ["Bo Lee", "Ashkan Lee"]
    assert BOOK.authors.sharing("nobody") == []


def test_a_mention_tells_where_the_term_stands() -> None:
    found = BOOK.mentioning(meant("Mamba"))
    assert (found["2403.00001"].in_title, found["2403.00001"].bullets) == (True, ())
    assert not found["2403.00002"].in_title
    assert [s.language for s in found["2403.00002"].bullets] == ["ko", "en"]


def test_a_tag_names_a_paper_as_its_text_does_and_stands_in_no_bullet() -> None:
    tagged = replace(paper(1, "Butterfly Net", "나비의 날갯짓을 배웁니다."), tags=("Lepidoptera", "비행 역학"))
    book = Catalogue({one.arxiv_id: one for one in (tagged, paper(2, "Owl Eyes", "부엉이의 눈입니다."))})
    for asked in ("lepidoptera", "비행 역학"):
        found = book.mentioning(meant(asked))
        assert list(found) == [tagged.arxiv_id]
        assert (found[tagged.arxiv_id].title, found[tagged.arxiv_id].bullets) == ((), ())
    assert not list(book.mentioning(meant("Butter Lepi")))


def test_statements_come_korean_first_with_their_places() -> None:
    assert [(s.language, s.place, s.text) for s in statements(PAPERS[1])] == [
        ("ko", 0, "맘바를 씁니다."),
        ("en", 0, "It uses Mamba."),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("KAN", [4]), ("kan", [4]), ("vmamba", [1]), ("Kite", [2]), ("Mamba", []), ("kan: networks", [4])],
)
def test_a_paper_is_found_by_the_name_it_gives_itself(name: str, expected: list[int]) -> None:
    assert numbers(BOOK.named(name)) == expected


@pytest.mark.parametrize(
    ("name", "person"),
    [("Ada Kim", "Ada Kim"), ("Kim, Ada", "Ada Kim"), ("ada kim", "Ada Kim"), ("jose nunez", "José Núñez"), ("NÚÑEZ José", "José Núñez"), ("Kim", None), ("Ada", None)],
)  # fmt: skip
def test_a_person_is_known_by_the_whole_name_in_any_order_case_and_accent(name: str, person: str | None) -> None:
    assert BOOK.authors.person(name) == person


def test_the_papers_of_a_person_count_every_spelling_of_the_name() -> None:
    assert numbers(BOOK.authors.papers("Ada Kim")) == [1, 2]
    assert numbers(BOOK.authors.papers("Nobody Else")) == []


def test_a_surname_may_be_several_people_those_with_most_papers_first() -> None:
    assert BOOK.authors.like("Lee") == ["Bo Lee", "Ashkan Lee"]
    assert BOOK.authors.like("B Lee") == ["Bo Lee"]
    assert BOOK.authors.like("Quux") == []
    assert BOOK.authors.like("") == []


def test_a_name_written_without_its_hyphen_is_the_person_it_is_written_with() -> None:
    book = Catalogue({p.arxiv_id: p for p in (paper(1, "A", authors=("Young Jin Kim",)), paper(2, "B", authors=("Jin-Young Kim",)))})  # fmt: skip
    assert [book.authors.person(name) for name in ("JinYoung Kim", "YoungJin Kim", "Jinyong Kim")] == ["Jin-Young Kim", "Young Jin Kim", None]  # fmt: skip
    assert numbers(book.authors.papers("Jin-Young Kim")) == [2]


def test_every_person_is_counted_once_by_the_first_spelling() -> None:
    assert list(BOOK.authors) == ["Ada Kim", "Bo Lee", "José Núñez", "Ashkan Lee", "A. Kim"]
    assert len(BOOK.authors) == 5


def test_terms_are_found_however_many_papers_stand_before_them() -> None:
    naming = {0, 15, 16, 17, 31, 32, 199}  # papers are looked through in groups of 16
    papers = [
        Paper(f"2403.{n:05d}", "연", (date(2024, 3, 1),), n, (), False, None, (Bullet("드론뷰를 씁니다." if n in naming else "망입니다."),), ())
        for n in range(200)
    ]  # fmt: skip
    book = Catalogue({p.arxiv_id: p for p in papers})
    assert {int(i[-5:]) for i in book.mentioning(meant("드론뷰"))} == naming
    assert (book.knows(meant("드론뷰"), 7), book.knows(meant("드론뷰"), 8)) == (True, False)
    few = book.naming_few(meant("드론뷰"), 7)
    assert few is not None
    assert len(few) == 7
    assert book.naming_few(meant("드론뷰"), 6) is None
    assert ids_of(book, book.voted(198)) == ["2403.00198", "2403.00199"]
    assert ids_of(book, book.voted(3, 4)) == ["2403.00003", "2403.00004"]
    assert ids_of(book, book.mask(["2403.00150", "2403.00002", "9999.00001"])) == ["2403.00002", "2403.00150"]
    assert not book.mask([]).any()
    assert tuple(ids_of(book, book.mask())) == book.ordered(reversed(book.ids)) == book.ids
    assert book.ordered({"2403.00150", "2403.00002"}) == ("2403.00002", "2403.00150")


def test_papers_without_votes_are_in_no_range_of_votes() -> None:
    assert numbers(ids_of(BOOK, BOOK.voted())) == numbers(ids_of(BOOK, BOOK.voted(7, 7))) == [4]
    assert not BOOK.voted(8).any()
    assert sorted(BOOK.votes.tolist()) == [-1, -1, -1, -1, 7]


def test_a_name_is_the_set_of_its_parts() -> None:
    assert name_key("Kim, Ada-Lin") == name_key("ada-lin KIM") == ("ada", "kim", "lin")
    assert name_key("김철수") == ("김철수",)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, [1, 2, 3, 4, 5]),
        (date(2024, 3, 1), date(2024, 3, 2), [1, 2, 3, 4]),
        (date(2024, 3, 2), date(2024, 5, 5), [4]),
        (date(2024, 5, 5), None, [5]),
        (None, date(2024, 3, 1), []),
        (date(2025, 1, 1), None, []),
    ],
)
def test_a_range_of_days_is_half_open_and_a_paper_counts_on_each_of_its_days(
    start: date | None, end: date | None, expected: list[int]
) -> None:
    assert numbers(sorted(ids_of(BOOK, BOOK.between(start, end)))) == expected


def test_the_days_with_a_digest_are_known() -> None:
    assert BOOK.days == (date(2024, 3, 1), date(2024, 4, 2), date(2024, 5, 5))
    assert [*BOOK.digest_days(date(2024, 3, 2), date(2024, 5, 5))] == [date(2024, 4, 2)]
    assert [*BOOK.digest_days(date(2024, 3, 2), date(2024, 4, 2))] == []


def test_an_ordinary_word_is_told_from_a_name_by_how_the_texts_write_it() -> None:
    book = Catalogue(
        {
            p.arxiv_id: p
            for p in (
                paper(1, "FAST: Tokens", en="FAST is a fast and Fast way."),
                paper(2, "Gamba: Splats", en="Gamba runs."),
            )
        }
    )
    assert book.is_plain_word("fast")
    assert not book.is_plain_word("gamba")


def test_order_tells_two_people_with_the_same_names_apart() -> None:
    book = Catalogue({p.arxiv_id: p for p in (paper(1, "A", authors=("Li Dong",)), paper(2, "B", authors=("Dong Li", "Bo Lee")), paper(3, "C", authors=("Dong, Li",)))})  # fmt: skip
    assert [book.authors.person(name) for name in ("Li Dong", "dong li")] == ["Li Dong", "Dong Li"]
    assert (numbers(book.authors.papers("Li Dong")), numbers(book.authors.papers("Dong Li"))) == ([1, 3], [2])
    assert numbers(book.authors.papers("Lee, Bo")) == [2]


@pytest.mark.parametrize(
    ("word", "noun"),
    [("만든", False), ("출발", True), ("훈련", True), ("가볍게", False), ("무게", True), ("쓰지", False), ("이미지", True), ("없는말", False)],
)  # fmt: skip
def test_a_korean_noun_is_one_that_the_texts_decline_or_make_a_verb_of(word: str, noun: bool) -> None:
    text = "새로 만든 모델은 무게를 줄여 가볍게 돕니다.\n여기서 출발한 훈련과 이미지의 생성은 라벨을 쓰지 않습니다."
    assert Catalogue({"2403.00001": paper(1, "Kite", text)}).declines(word) is noun


def test_a_name_of_several_words_is_found_inside_a_question() -> None:
    book = Catalogue({p.arxiv_id: p for p in (paper(1, "Kite in a Box: Flying"), paper(2, "Kite: Flying"))})
    assert book.named_in("kite in a box의 속도는?") == {"Kite in a Box": ("2403.00001",)}
    assert book.named_in("Kite의 속도는?") == {}


def test_an_empty_catalogue_answers_everything_with_nothing() -> None:
    empty = Catalogue({})
    assert (len(empty), empty.days, empty.at(empty.between(None, None)), empty.authors.like("Kim")) == (0, (), [], [])
    assert empty.mentioning(meant("Mamba")) == {}


@pytest.mark.corpus
def test_sets_of_the_real_corpus_are_whole(shared: object) -> None:
    from pathlib import Path

    from rag.corpus.digests import read_digest
    from rag.corpus.papers import Entry, merge

    root = Path(str(shared)) / "corpus"
    entries: dict[str, list[Entry]] = {}
    for path in sorted(root.rglob("*.md")):
        for entry in read_digest(path, root).entries:
            entries.setdefault(entry.arxiv_id, []).append(entry)
    book = Catalogue({i: merge(found) for i, found in entries.items()})
    assert len(book) == 5487
    assert len(book.mentioning(meant("GRPO"))) == 56
    assert len(book.mentioning(meant("Mamba"))) == 77
    assert set(book.mentioning(meant("KAN"))) == {
        "2404.19756", "2407.16674", "2409.09323", "2410.02675", "2410.03027", "2503.10632"
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["Ada Kim", "kim, ada", "Jose Nunez", "José Núñez", "Xiao Yan", "Xiao-Yan", "Xiaoyan", "김 민수", "민수 김", "Min 수", "Which Method", "Kim Xi",
     "A. Kim", "", "...", "Zhang Wěi", "zhang wei"],
)  # fmt: skip
def test_a_person_is_told_the_same_before_the_index_of_authors_is_made(name: str) -> None:
    names = ("Ada Kim", "José Núñez", "Xiaoyan", "김민수", "김 민수", "Min", "A. Kim", "Zhang Wěi", "王伟")
    papers = {"2403.00001": paper(1, "Kite", authors=names)}
    quick, whole = Catalogue(papers).authors, Catalogue(papers).authors
    whole.ready()
    assert quick.person(name) == whole.person(name)


def test_words_that_no_author_has_make_no_index_of_authors() -> None:
    authors = Catalogue({"2403.00001": paper(1, "Kite", authors=("Ada Kim", "Bo Lee"))}).authors
    assert authors.person("Which Method") is None
    assert "_index" not in vars(authors)
    assert authors.person("Ada Kim") == "Ada Kim"


def test_a_name_with_an_initial_is_the_person_without_it_unless_several_initials_go_with_it() -> None:
    one = Catalogue(
        {p.arxiv_id: p for p in (paper(1, "Kite", authors=("Quoc V. Le",)), paper(2, "Owl", authors=("Quoc Le",)))}
    )
    assert [one.authors.papers(name) for name in ("Quoc Le", "Le, Quoc V.")] == [("2403.00001", "2403.00002")] * 2
    assert (one.authors.person("Quoc Le"), one.authors.person("quoc v le")) == ("Quoc Le", "Quoc V. Le")
    assert one.authors.person("Quoc B. Le") is None
    assert one.authors.most(np.arange(2), 5)[0] == [("Quoc V. Le", ("2403.00001", "2403.00002"))]
    many = {p.arxiv_id: p for p in (*one.papers.values(), paper(3, "Eel", authors=("Quoc B. Le",)))}
    assert numbers(Catalogue(many).authors.papers("Quoc Le")) == [2]
    longer = Catalogue({"2403.00001": paper(1, "Kite", authors=("Christopher D. Manning",))})
    assert longer.authors.person("Christopher Manning") == "Christopher D. Manning"
