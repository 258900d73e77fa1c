"""Scheduling: who is served next, and that a reader who leaves delays nobody."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from web.scheduling import Scheduler


def test_the_earliest_comes_first_and_what_can_wait_comes_later() -> None:
    async def work() -> list[str]:
        scheduler, done = Scheduler(1), []

        async def ask(name: str, handicap: float = 0.0) -> None:
            async with scheduler.reader(handicap=handicap):
                done.append(name)
                await asyncio.sleep(0.01)

        await asyncio.gather(ask("김"), ask("next questions", 0.5), ask("a verdict", 0.3), ask("이"), ask("박"))
        return done

    assert asyncio.run(work()) == ["김", "이", "박", "a verdict", "next questions"]


def test_a_handicap_is_waited_out_and_no_more() -> None:
    async def work() -> list[str]:
        scheduler, done = Scheduler(1), []

        async def ask(name: str, handicap: float = 0.0) -> None:
            async with scheduler.reader(name, handicap):
                done.append(name)

        async with scheduler.reader():
            later = asyncio.create_task(ask("what can wait", 0.05))
            await asyncio.sleep(0.1)
            reader = asyncio.create_task(ask("a reader"))
            await asyncio.sleep(0)
        await asyncio.gather(later, reader)
        return done

    assert asyncio.run(work()) == ["what can wait", "a reader"]


def test_programs_go_one_at_a_time_and_step_back_for_readers_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler, done = Scheduler(2), []

    def program(name: str) -> threading.Thread:
        def work() -> None:
            with scheduler.program():
                done.append(name)
                time.sleep(0.02)
                done.append(f"{name} over")

        thread = threading.Thread(target=work)
        thread.start()
        return thread

    async def work() -> None:
        async with scheduler.reader(), scheduler.reader():  # two readers at once, and programs wait
            threads = [program("하나"), program("둘")]
            await asyncio.sleep(0.1)
            assert done == []
        for thread in threads:
            await asyncio.to_thread(thread.join)
        assert done == ["하나", "하나 over", "둘", "둘 over"]
        monkeypatch.setattr("web.scheduling.PATIENCE", 0.05)
        async with scheduler.reader():
            late = program("셋")
            await asyncio.sleep(0.1)
            async with scheduler.reader():
                pass
            await asyncio.to_thread(late.join)
            assert done[-1] == "셋 over"

    asyncio.run(work())


def test_programs_leave_room_between_them_while_somebody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.scheduling.PACE", 0.1)
    scheduler = Scheduler(2)

    def four_take() -> float:
        started = time.monotonic()
        for _ in range(4):
            with scheduler.program():
                pass
        return time.monotonic() - started

    async def read() -> None:
        async with scheduler.reader():
            pass

    assert four_take() < 0.1
    asyncio.run(read())
    assert four_take() >= 0.3
    monkeypatch.setattr("web.scheduling.READING", 0.0)
    assert four_take() < 0.1


def test_no_more_readers_are_served_than_may_be() -> None:
    async def work() -> int:
        scheduler, now, most = Scheduler(2), 0, 0

        async def ask() -> None:
            nonlocal now, most
            async with scheduler.reader():
                now += 1
                most = max(most, now)
                await asyncio.sleep(0.002)
                now -= 1

        await asyncio.gather(*(ask() for _ in range(20)))
        return most

    assert asyncio.run(work()) == 2


def test_one_who_leaves_while_waiting_holds_nobody_up_and_a_failure_gives_the_turn_back() -> None:
    async def work() -> str:
        scheduler = Scheduler(1)

        async def ask() -> str:
            async with scheduler.reader():
                return "답"

        async with scheduler.reader():
            gone = asyncio.create_task(ask())
            await asyncio.sleep(0.01)
            gone.cancel()
        try:
            async with scheduler.reader():
                raise ValueError
        except ValueError:
            return await asyncio.wait_for(ask(), 1)

    assert asyncio.run(work()) == "답"


def test_much_that_is_asked_from_one_address_waits_for_itself_and_in_its_order() -> None:
    async def work() -> list[str]:
        scheduler, done = Scheduler(1), []

        async def ask(who: str, name: str, handicap: float = 0.0) -> None:
            async with scheduler.reader(who, handicap):
                done.append(name)

        async with scheduler.reader("203.0.113.9"):
            flood = [asyncio.create_task(ask("203.0.113.9", f"홍수 {n}")) for n in range(20)]
            await asyncio.sleep(0.01)
            one = asyncio.create_task(ask("198.51.100.4", "한 사람"))
            later = asyncio.create_task(ask("203.0.113.9", "next questions", 0.05))
            await asyncio.sleep(0.01)
        await asyncio.gather(*flood, one, later)
        return done

    done = asyncio.run(work())
    assert done.index("한 사람") <= 1
    assert [name for name in done if name.startswith("홍수")] == [f"홍수 {n}" for n in range(20)]
    assert done[-1] == "next questions"


def test_addresses_that_no_longer_ask_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.scheduling.APART", 0.0)

    async def work() -> int:
        scheduler = Scheduler(1)
        for n in range(2_500):
            async with scheduler.reader(f"2001:db8:{n:x}::/64"):
                pass
        return len(scheduler._places)

    assert asyncio.run(work()) <= 1_001
