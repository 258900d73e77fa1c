"""A short fuzz run: what is kept, and a few hundred mutations of it, the same ones every time. The long one: `make fuzz`."""

from __future__ import annotations

import random
import time

import pytest

from tests.fuzz.targets import TARGETS, Target

CASES = {"digests": 1500, "questions": 250, "markup": 250, "gate": 250, "days": 100, "answers": 60}


def mutated(data: bytes, target: Target, dice: random.Random) -> bytes:
    """Cut, double, swap, flip and spice a case, one to four times over."""
    made = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at, end = sorted((dice.randint(0, len(made)), dice.randint(0, len(made))))
        match dice.randrange(5):
            case 0:
                del made[at : min(end, at + 20)]
            case 1:
                made[at:at] = made[at:end] * dice.randint(1, 5)
            case 2:
                made[at:at] = dice.choice(target.words).encode() * dice.choice((1, 1, 2, 50))
            case 3:
                made[at : at + 1] = dice.randbytes(dice.randint(1, 4))
            case _:
                other = dice.choice(target.seeds())
                made[at:end] = other[len(other) // 2 :]
    return bytes(made[: target.longest])


def holds(target: Target, data: bytes) -> None:
    """Run one case; three tries, for the first use of a word fills caches and memory may be swept meanwhile."""
    taken = []
    while not taken or (min(taken) > target.limit and len(taken) < 3):
        started = time.thread_time()
        made = target.run(data)
        taken.append(time.thread_time() - started)
    target.check(made)
    assert min(taken) <= 2 * target.limit, f"{min(taken):.3f} s for {data!r}"


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_was_kept_is_read_soundly_and_in_time(name: str) -> None:
    assert len(TARGETS[name].seeds()) >= 4
    for data in TARGETS[name].seeds():
        holds(TARGETS[name], data)


@pytest.mark.parametrize("name", TARGETS)
def test_mutations_of_it_are_read_soundly_and_in_time(name: str) -> None:
    target, dice = TARGETS[name], random.Random(f"{name} 2026")
    for _ in range(CASES[name]):
        holds(target, mutated(dice.choice(target.seeds()), target, dice))
