"""The memory-mapped file of vectors: rows are read back by number, and a damaged file is not used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vectorstore.bundled import Vectors
from vectorstore.vectors import is_of_earlier_form, open_vectors, write_vectors

NAME = "vectors-1.npy"


def unit(rows: int, dims: int = 8) -> Vectors:
    made = np.random.default_rng(3).normal(size=(rows, dims)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)  # type: ignore[no-any-return]


def write(folder: Path, vectors: Vectors) -> Path:
    with write_vectors(folder, len(vectors)) as written:
        written.put(range(len(vectors)), vectors)
    return folder / NAME


def test_rows_written_in_any_order_come_back_by_their_places(tmp_path: Path) -> None:
    vectors = unit(7)
    with write_vectors(tmp_path, 7) as written:
        for places in ([5, 6], [0], [4, 2, 3, 1]):
            written.put(places, vectors[places])
    found = open_vectors(tmp_path, 7)
    assert found is not None
    assert len(found) == 7
    assert np.allclose(found[:], vectors, atol=2e-5)
    assert np.array_equal(found[np.array([6, 0])], found[:][[6, 0]])


def test_a_number_takes_16_bits_and_stays_the_same_however_often_it_is_written(tmp_path: Path) -> None:
    vectors = unit(2_500, 16)
    size = write(tmp_path, vectors).stat().st_size
    assert size < 2_500 * 16 * 2 + 200
    first = open_vectors(tmp_path, 2_500)
    assert first is not None
    (tmp_path / "again").mkdir()
    assert write(tmp_path / "again", first[:]).read_bytes() == (tmp_path / NAME).read_bytes()


def test_scores_are_those_of_all_rows(tmp_path: Path) -> None:
    vectors = unit(2_500, 16)  # more than one block
    write(tmp_path, vectors)
    found = open_vectors(tmp_path, 2_500)
    assert found is not None
    scores = found.scores(vectors[2_401])
    assert scores.dtype == np.float32
    assert np.allclose(scores, vectors @ vectors[2_401], atol=1e-4)
    assert int(scores.argmax()) == 2_401


def test_a_file_that_an_earlier_version_wrote_is_read(tmp_path: Path) -> None:
    vectors = unit(9)
    np.save(tmp_path / NAME, vectors)
    found = open_vectors(tmp_path, 9)
    assert found is not None
    assert np.array_equal(found[2:5], vectors[2:5])
    assert np.array_equal(found.scores(vectors[3]), vectors @ vectors[3])
    assert is_of_earlier_form(tmp_path)
    write(tmp_path, vectors)
    assert not is_of_earlier_form(tmp_path)
    (tmp_path / NAME).unlink()
    assert not is_of_earlier_form(tmp_path)


def test_a_text_without_a_direction_is_a_row_of_zeros(tmp_path: Path) -> None:
    vectors = unit(3)
    vectors[1] = 0
    write(tmp_path, vectors)
    assert open_vectors(tmp_path, 3) is not None


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "zeros", "garbage", "other rows"])
def test_a_broken_file_is_not_used(tmp_path: Path, damage: str) -> None:
    file = write(tmp_path, unit(20))
    data = file.read_bytes()
    start = data.index(b"\n") + 1
    if damage == "missing":
        file.unlink()
    elif damage != "other rows":
        file.write_bytes(
            {
                "empty": b"", "cut": data[:-4], "zeros": data[:start] + bytes(len(data) - start),
                "garbage": data[:start] + b"\x41" * (len(data) - start),
            }[damage]
        )  # fmt: skip
    assert open_vectors(tmp_path, 19 if damage == "other rows" else 20) is None


def test_no_vectors_at_all_are_no_file(tmp_path: Path) -> None:
    with write_vectors(tmp_path, 0):
        pass
    assert open_vectors(tmp_path, 0) is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_an_error_and_not_the_end_of_the_process(tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path, unit(3000))
