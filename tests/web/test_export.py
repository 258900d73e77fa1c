"""Sets taken along: BibTeX, Markdown and CSV of papers whose fields are what digests make of them."""

from __future__ import annotations

import csv
import io
from datetime import date

from rag.corpus.papers import Paper
from web.export import bibtex, comma_separated, markdown


def paper(arxiv_id: str = "2312.00752", title: str = "Mamba: 선형 시간의 모델링", **more: object) -> Paper:
    fields: dict[str, object] = {"arxiv_id": arxiv_id, "title": title, "dates": (date(2023, 12, 4),), "votes": 7, "authors": ("Albert Gu", "Tri Dao"),
              "authors_cut": False, "media": None, "ko": (), "en": ()}  # fmt: skip
    return Paper(**{**fields, **more})  # type: ignore[arg-type]


def test_bibtex_names_the_paper_and_says_that_the_order_of_authors_is_not_known() -> None:
    assert bibtex([paper()]) == (
        "@misc{arxiv:2312.00752,\n  title = {Mamba: 선형 시간의 모델링},\n  author = {Albert Gu and Tri Dao},\n  year = {2023},\n"
        "  eprint = {2312.00752},\n  archivePrefix = {arXiv},\n  url = {https://arxiv.org/abs/2312.00752},\n"
        "  note = {Order of authors not known}\n}\n"
    )


def test_bibtex_holds_what_tex_would_read_as_its_own_and_a_cut_list_of_authors() -> None:
    text = bibtex([paper(title="50% faster & {free} #1_a", authors_cut=True), paper("hep-th/9901001", authors=())])
    assert r"title = {50\% faster \& \{free\} \#1\_a}" in text.replace(
        "title = {50\\% faster \\& ", r"title = {50\% faster \& "
    )
    assert "Albert Gu and Tri Dao and others" in text
    assert "year = {2023}" in text.split("hep-th")[1]
    assert "author" not in text.split("@misc{arxiv:hep-th/9901001")[1].split("note")[0]


def test_markdown_links_titles_and_keeps_unknown_votes_unknown() -> None:
    assert markdown([paper(title="a*b 모델", votes=None)]) == (
        "- [a\\*b 모델](https://arxiv.org/abs/2312.00752) · 2023-12-04 · ? · Albert Gu, Tri Dao\n"
    )


def test_csv_reads_back_and_is_no_formula() -> None:
    rows = list(
        csv.DictReader(
            io.StringIO(comma_separated([paper(title='=cmd|"x",은'), paper(votes=None)]).removeprefix("\ufeff"))
        )
    )
    assert rows[0]["title"] == '\'=cmd|"x",은'
    assert (rows[0]["votes"], rows[1]["votes"]) == ("7", "")
    assert rows[0]["authors"] == "Albert Gu; Tri Dao"


def test_csv_tells_spreadsheets_its_encoding_and_holds_a_sentence_on_each_paper() -> None:
    text = comma_separated([paper()], {"2312.00752": "=맘바는 선형 시간에 동작합니다."})
    assert text.startswith("\ufeffarxiv_id,title,date,votes,authors,url,sentence\r\n")
    assert text.endswith(",'=맘바는 선형 시간에 동작합니다.\r\n")
