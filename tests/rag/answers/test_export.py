"""Sets taken along: BibTeX, Markdown and CSV of papers whose fields are what digests make of them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

from rag.answers.export import Exported, bibtex, comma_separated, json_lines, markdown, of_evidence, of_papers
from rag.corpus.papers import Bullet, Paper
from rag.pipeline import Pipeline


def paper(arxiv_id: str = "2312.00752", title: str = "Mamba: 선형 시간의 모델링", **more: object) -> Paper:
    fields: dict[str, object] = {"arxiv_id": arxiv_id, "title": title, "dates": (date(2023, 12, 4),), "votes": 7, "authors": ("Albert Gu", "Tri Dao"),
              "authors_cut": False, "media": None, "ko": (), "en": ()}  # fmt: skip
    return Paper(**{**fields, **more})  # type: ignore[arg-type]


def rows(*papers: Paper) -> list[Exported]:
    return [Exported(one) for one in papers]


def test_bibtex_names_the_paper_and_says_that_the_order_of_authors_is_not_known() -> None:
    assert bibtex(rows(paper())) == (
        "@misc{arxiv:2312.00752,\n  title = {Mamba: 선형 시간의 모델링},\n  author = {Albert Gu and Tri Dao},\n  year = {2023},\n"
        "  eprint = {2312.00752},\n  archivePrefix = {arXiv},\n  url = {https://arxiv.org/abs/2312.00752},\n"
        "  note = {Order of authors not known}\n}\n"
    )


def test_bibtex_holds_what_tex_would_read_as_its_own_and_a_cut_list_of_authors() -> None:
    text = bibtex(rows(paper(title="50% faster & {free} #1_a", authors_cut=True), paper("hep-th/9901001", authors=())))
    assert r"title = {50\% faster \& \{free\} \#1\_a}" in text.replace(
        "title = {50\\% faster \\& ", r"title = {50\% faster \& "
    )
    assert "Albert Gu and Tri Dao and others" in text
    assert "year = {2023}" in text.split("hep-th")[1]
    assert "author" not in text.split("@misc{arxiv:hep-th/9901001")[1].split("note")[0]


def test_markdown_links_titles_and_keeps_unknown_votes_unknown() -> None:
    assert markdown(rows(paper(title="a*b 모델", votes=None))) == (
        "- [a\\*b 모델](https://arxiv.org/abs/2312.00752) · 2023-12-04 · ? · Albert Gu, Tri Dao\n"
    )


def test_markdown_has_the_telling_sentence_below_and_it_is_no_markup() -> None:
    text = markdown([Exported(paper(), "It <b>flies</b> [far](https://evil.example).")])
    assert text.splitlines()[1] == "  - It \\<b\\>flies\\</b\\> \\[far\\](https://evil.example)."


def test_csv_reads_back_and_is_no_formula() -> None:
    text = comma_separated([Exported(paper(title='=cmd|"x",은'), "=1+1 은 식입니다."), Exported(paper(votes=None))])
    assert text.startswith("\ufeffarxiv_id,")  # Excel reads it as UTF-8
    read = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert read[0]["title"] == '\'=cmd|"x",은'
    assert read[0]["sentence"] == "'=1+1 은 식입니다."
    assert (read[0]["votes"], read[1]["votes"]) == ("7", "")
    assert read[0]["authors"] == "Albert Gu; Tri Dao"


def test_a_line_of_json_holds_the_whole_summary() -> None:
    (line,) = json_lines(rows(paper(ko=(Bullet("빠릅니다.", "What's New"),)))).splitlines()
    read = json.loads(line)
    assert (read["arxiv_id"], read["dates"], read["votes"]) == ("2312.00752", ["2023-12-04"], 7)
    assert read["summary"] == {"ko": ["What's New: 빠릅니다."]}


def test_a_question_gives_its_whole_set_with_the_sentence_that_names_what_was_asked(pipeline: Pipeline) -> None:
    found = list(of_evidence(pipeline.evidence("Mamba를 사용한 논문은?", None, None)))
    assert "2312.00752" in [row.paper.arxiv_id for row in found]
    assert all(row.sentence for row in found)
    assert all("mamba" in (row.sentence + row.paper.title).lower() for row in found)


def test_all_papers_have_a_sentence_in_the_language_that_is_asked_for(pipeline: Pipeline) -> None:
    papers = pipeline.snapshot().catalogue.papers
    assert len(list(of_papers(papers.values(), "ko"))) == 77
    by_id = {row.paper.arxiv_id: row.sentence for row in of_papers(papers.values(), "en")}
    assert by_id["2312.00752"].isascii()
