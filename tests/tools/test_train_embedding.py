"""The training of the bundled model: what is read and refused, pieces, batches, rounding, and, where torch is, a tiny run."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from model2vec import StaticModel

from tools.train_embedding.batches import Bags, PairSampler, SamplingPlan
from tools.train_embedding.card import CardFacts, read_figures, render_card
from tools.train_embedding.export import ExportError, quantize, write_model
from tools.train_embedding.pairs import (
    HeldOutPaperError,
    Pair,
    read_held_out,
    read_pairs,
    read_spellings,
)  # fmt: skip
from tools.train_embedding.pieces import encode, train_tokenizer
from vectorstore.bundled import MODEL_FOLDER

SENTENCES = [
    ("Owls are told apart by their songs", "부엉이를 노래로 구별합니다"),
    ("Kites are flown by robots", "로봇이 연을 날립니다"),
    ("Robots learn by reinforcement learning", "로봇은 강화학습으로 배웁니다"),
    ("Harbour traffic is forecast", "항만의 교통량을 예측합니다"),
    ("Diffusion models draw kites", "확산 모델이 연을 그립니다"),
    ("Songs are drawn by diffusion", "노래를 확산으로 그립니다"),
]


def write_rows(folder: Path, name: str, rows: Iterable[dict[str, Any]]) -> None:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def bitext(english: str, korean: str, **more: Any) -> dict[str, Any]:
    return {"en": english, "ko": korean, "kind": "sentence", "doc": "notes", **more}


# --- What is read ----------------------------------------------------------------------------------------------------
def test_translations_are_paired_in_their_family_and_duplicates_are_left_out(tmp_path: Path) -> None:
    row = bitext("A kite", " 연을\n날립니다 ")
    write_rows(tmp_path, "d2l", [row, row, bitext("Kite", "연", kind="term"), bitext("same", "same"), bitext("x", "")])
    write_rows(tmp_path, "tatoeba_anki", [bitext("Good morning", "좋은 아침입니다", kind="term")])
    assert read_pairs(tmp_path, frozenset()) == [
        Pair("A kite", "연을 날립니다", "documentation"),
        Pair("Kite", "연", "terms"),
        Pair("Good morning", "좋은 아침입니다", "general"),
    ]


def test_korean_is_read_composed(tmp_path: Path) -> None:
    write_rows(tmp_path, "d2l", [bitext("owl", unicodedata.normalize("NFD", "부엉이는"))])
    assert read_pairs(tmp_path, frozenset())[0].right == "부엉이는"


def test_a_papers_title_meets_the_other_languages_text(tmp_path: Path) -> None:
    rows = [
        bitext("Owls", "부엉이", doc="2501.00001", sub="title"),
        bitext("They sing.", "노래합니다.", doc="2501.00001"),
    ]
    write_rows(tmp_path, "hfdaily_jeongiin", rows)
    found = {(pair.left, pair.right) for pair in read_pairs(tmp_path, frozenset())}
    assert found == {
        ("Owls", "부엉이"), ("They sing.", "노래합니다."), ("Owls", "노래합니다."), ("부엉이", "They sing."),
        ("They sing.", "Owls 노래합니다."),
    }  # fmt: skip


def test_a_paper_gives_title_abstract_name_and_summaries(tmp_path: Path) -> None:
    row = {
        "title": "NightOwl: Bird songs",
        "abstract": "We listen.",
        "summaries": {"a": ["They listen."], "b": "It hears."},
    }
    write_rows(tmp_path, "aux_en_papers", [row])
    whole = "NightOwl: Bird songs We listen."
    assert read_pairs(tmp_path, frozenset()) == [
        Pair("NightOwl: Bird songs", "We listen.", "summaries"),
        Pair("NightOwl", whole, "names"),
        Pair("They listen.", whole, "summaries"),
        Pair("It hears.", whole, "summaries"),
    ]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("d2l", bitext("x", "연", doc="2501.00001")),
        ("d2l", bitext("as in arXiv:2501.00001v2", "연에서처럼")),
        (
            "aux_en_papers",
            {"title": "T", "abstract": "A", "summaries": {"s": ["see https://arxiv.org/abs/2501.00001"]}},
        ),
    ],
)
def test_a_row_of_a_held_out_paper_stops_the_training(tmp_path: Path, name: str, row: dict[str, Any]) -> None:
    ids = tmp_path / "heldout.txt"
    ids.write_text("2501.00001\n2501.00002\n", encoding="utf-8")
    write_rows(tmp_path, name, [row])
    with pytest.raises(HeldOutPaperError, match=r"2501\.00001"):
        read_pairs(tmp_path, read_held_out(ids))
    assert read_pairs(tmp_path, frozenset({"2501.00002"}))


def test_a_folder_without_training_files_says_what_to_pass(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="pass --data"):
        read_pairs(tmp_path, frozenset())


def test_spellings_are_paired_with_the_first_and_with_their_neighbour(tmp_path: Path) -> None:
    path = tmp_path / "spellings.tsv"
    path.write_text("diffusion\t디퓨전\t확산\n", encoding="utf-8")
    assert {(p.left, p.right) for p in read_spellings(path)} == {
        ("diffusion", "디퓨전"), ("diffusion", "확산"), ("디퓨전", "확산"),
    }  # fmt: skip


# --- Pieces and batches ----------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def bags() -> tuple[Bags, Bags, Any]:
    tokenizer = train_tokenizer([text for pair in SENTENCES for text in pair], 300, show_progress=False)
    left, right = (Bags.from_arrays(encode(tokenizer, [p[side] for p in SENTENCES], 400)) for side in (0, 1))
    return left, right, tokenizer


def test_spacing_particles_and_decomposition_leave_the_same_pieces(bags: tuple[Bags, Bags, Any]) -> None:
    def pieces(text: str) -> list[int]:
        return sorted(encode(bags[2], [text], 400)[0].tolist())

    assert pieces("강화 학습") == pieces("강화학습") == pieces(unicodedata.normalize("NFD", "강화학습"))
    assert set(pieces("로봇")) < set(pieces("로봇을"))
    assert set(pieces("robots")) < set(pieces("Robots을"))
    assert pieces("") == pieces("🦉!?") == []


class NoSwap:
    def swap(self, rng: np.random.Generator, ids: Any, share: float) -> Any:
        return ids


def test_the_same_seed_and_step_draw_the_same_batch(bags: tuple[Bags, Bags, Any]) -> None:
    plan = SamplingPlan(4, {"documentation": 1.0})

    def drawn(seed: int, step: int) -> list[list[int]]:
        sampler = PairSampler(bags[0], bags[1], ["documentation"] * len(SENTENCES), plan, seed, NoSwap())
        return [part.tolist() for part in sampler.draw(step)]

    assert drawn(0, 3) == drawn(0, 3)
    assert len({str(drawn(0, step)) for step in range(8)}) > 1
    assert drawn(0, 3) != drawn(1, 3)


def test_a_batch_holds_as_many_bags_on_both_sides_and_none_is_empty(bags: tuple[Bags, Bags, Any]) -> None:
    plan = SamplingPlan(5, {"documentation": 1.0}, piece_dropout=0.9)
    sampler = PairSampler(bags[0], bags[1], ["documentation"] * len(SENTENCES), plan, 0, NoSwap())
    for step in range(20):
        first, first_begins, second, second_begins = sampler.draw(step)
        assert len(first_begins) == len(second_begins) > 0
        for ids, begins in ((first, first_begins), (second, second_begins)):
            assert (np.diff([*begins, len(ids)]) >= 1).all()


def test_a_family_of_no_weight_is_never_drawn(bags: tuple[Bags, Bags, Any]) -> None:
    with pytest.raises(ValueError, match="no pair in any of the families"):
        PairSampler(bags[0], bags[1], ["general"] * len(SENTENCES), SamplingPlan(4, {"papers": 1.0}), 0, NoSwap())


# --- Files -----------------------------------------------------------------------------------------------------------
def test_rows_are_rounded_to_the_largest_magnitude() -> None:
    rows = np.array([[0.5, 2.0], [1.0, -2.0], [0.5, 0.0]], dtype=np.float32)  # the first is the unknown piece's
    assert quantize(rows).tolist() == [[0, 0], [64, -127], [32, 0]]


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_rows_that_cannot_be_rounded_are_refused(bad: float) -> None:
    with pytest.raises(ExportError, match="train again"):
        quantize(np.full((2, 2), bad, dtype=np.float32))


def test_a_written_model_is_read_by_model2vec(bags: tuple[Bags, Bags, Any], tmp_path: Path) -> None:
    tokenizer = bags[2]
    rows = np.random.default_rng(0).normal(size=(tokenizer.get_vocab_size(), 8)).astype(np.float32)
    axes = np.eye(8, 4, dtype=np.float16)
    size = write_model(tmp_path, quantize(rows), axes, tokenizer)
    assert size == sum(path.stat().st_size for path in tmp_path.iterdir())
    vector = StaticModel.from_pretrained(tmp_path).encode(["로봇이 연을 날립니다"])[0]
    wanted = quantize(rows)[encode(tokenizer, ["로봇이 연을 날립니다"], 400)[0]].astype(np.float64).sum(axis=0)
    assert np.allclose(vector, wanted / np.linalg.norm(wanted), atol=1e-3)
    with pytest.raises(ExportError, match="rows for"):
        write_model(tmp_path, quantize(rows)[:-1], axes, tokenizer)


def test_the_card_states_every_family_and_figure(tmp_path: Path) -> None:
    facts = CardFacts("2026-11-20", 16_000, 640, 256, 10_739_285, 1_000, {"papers": 1_234}, 1_750)
    path = tmp_path / "figures.json"
    assert "Not measured yet." in render_card(facts, read_figures(path))
    path.write_text('{"Korean descriptions": ".700"}', encoding="utf-8")
    card = render_card(facts, read_figures(path))
    for said in ("| papers | 1,234 |", "| Korean descriptions | .700 |", "10.7 MB", "1,750 papers are held out"):
        assert said in card


def test_the_bundled_model_is_small_and_its_card_has_the_measured_figures() -> None:
    files = [MODEL_FOLDER / name for name in ("config.json", "model.safetensors", "tokenizer.json")]
    size = sum(path.stat().st_size for path in files)
    card = (MODEL_FOLDER / "README.md").read_text(encoding="utf-8")
    assert size <= 24_000_000
    assert f"{size / 1e6:.1f} MB" in card
    figures = read_figures(Path("tools/train_embedding/figures.json").resolve())
    assert figures
    assert all(f"| {name} | {figure} |" in card for name, figure in figures.items())


# --- Training, where torch is ----------------------------------------------------------------------------------------
def trained(bags: tuple[Bags, Bags, Any], checkpoint: Path, steps: int = 40, every: int = 10, **more: Any) -> Any:
    pytest.importorskip("torch", reason="training needs torch: pip install 'nonmun[train]'")
    from tools.train_embedding.lexicon import build_lexicon
    from tools.train_embedding.model import TrainingPlan, start_rows, train

    left, right, tokenizer = bags
    pieces = tokenizer.get_vocab_size()
    lexicon = build_lexicon(left, right, np.arange(len(SENTENCES)), pieces)
    plan = TrainingPlan(steps=steps, dimensions=16, learning_rate=0.05, **more)
    sampler = PairSampler(
        left, right, ["papers"] * len(SENTENCES), SamplingPlan(8, {"papers": 1.0}), plan.seed, lexicon
    )
    counts = np.bincount(left.ids, minlength=pieces) + np.bincount(right.ids, minlength=pieces)
    first = lexicon.lean(start_rows(counts, plan), plan.lean)
    lines: list[str] = []
    return first.numpy(), train(first, sampler, plan, checkpoint, lines.append, checkpoint_every=every), lines


def test_translations_draw_nearer_in_training(bags: tuple[Bags, Bags, Any], tmp_path: Path) -> None:
    first, rows, lines = trained(bags, tmp_path / "checkpoint.pt")

    def hits(table: Any) -> int:
        sides = []
        for side in (0, 1):
            sums = np.stack([table[ids].sum(axis=0) for ids in encode(bags[2], [p[side] for p in SENTENCES], 400)])
            sides.append(sums / np.linalg.norm(sums, axis=1, keepdims=True))
        return int(((sides[0] @ sides[1].T).argmax(axis=1) == np.arange(len(SENTENCES))).sum())

    assert hits(rows) == len(SENTENCES) > hits(first)
    assert lines[-1].startswith("step 40/40  loss ")


def test_the_same_seed_trains_the_same_vectors(bags: tuple[Bags, Bags, Any], tmp_path: Path) -> None:
    _, rows, _ = trained(bags, tmp_path / "a.pt")
    assert np.array_equal(rows, trained(bags, tmp_path / "b.pt")[1])
    assert not np.array_equal(rows, trained(bags, tmp_path / "c.pt", seed=1)[1])


def test_texts_keep_the_axes_along_which_they_differ_most() -> None:
    pytest.importorskip("torch", reason="training needs torch: pip install 'nonmun[train]'")
    from tools.train_embedding.shorten import principal_axes

    table = np.array([[0, 0, 0], [9, 0, 0], [0, 0, -9], [0, 9, 0]], dtype=np.int8)  # a piece a direction
    side = Bags.from_arrays([np.array(ids, dtype=np.int32) for ids in ([1], [1, 1], [1], [2], [2], [3], [])])
    axes = principal_axes(table, (side, Bags.from_arrays([])), 2)
    assert np.allclose(axes, [[1, 0], [0, 0], [0, 1]])  # three texts lie along the first piece, two along the second


def test_a_killed_training_goes_on_from_its_checkpoint(
    bags: tuple[Bags, Bags, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, whole, _ = trained(bags, tmp_path / "whole.pt")
    draw = PairSampler.draw

    def killed(self: PairSampler, step: int) -> Any:
        if step == 25:
            raise KeyboardInterrupt
        return draw(self, step)

    with monkeypatch.context() as patch:
        patch.setattr(PairSampler, "draw", killed)
        with pytest.raises(KeyboardInterrupt):
            trained(bags, tmp_path / "cut.pt")
    drawn: list[int] = []
    monkeypatch.setattr(PairSampler, "draw", lambda self, step: (drawn.append(step), draw(self, step))[1])
    assert np.array_equal(trained(bags, tmp_path / "cut.pt")[1], whole)
    assert drawn == list(range(20, 40))


def test_a_checkpoint_of_another_plan_is_refused(bags: tuple[Bags, Bags, Any], tmp_path: Path) -> None:
    trained(bags, tmp_path / "checkpoint.pt")
    with pytest.raises(ValueError, match="delete it to start again"):
        trained(bags, tmp_path / "checkpoint.pt", seed=1)
