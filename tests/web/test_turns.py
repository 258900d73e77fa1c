"""Who is served next: the earliest, readers before what can wait; nobody is held up by one who left."""

from __future__ import annotations

import asyncio
import threading
import time

from web.turns import Turns


def test_the_earliest_comes_first_and_what_can_wait_comes_later() -> None:
    async def work() -> list[str]:
        turns, done = Turns(1), []

        async def ask(name: str, handicap: float = 0.0) -> None:
            async with turns.awaited(handicap):
                done.append(name)
                await asyncio.sleep(0.01)

        await asyncio.gather(ask("김"), ask("next questions", 0.5), ask("a program", 0.3), ask("이"), ask("박"))
        return done

    assert asyncio.run(work()) == ["김", "이", "박", "a program", "next questions"]


def test_a_handicap_is_waited_out_and_no_more() -> None:
    async def work() -> list[str]:
        turns, done = Turns(1), []

        async def ask(name: str, handicap: float = 0.0) -> None:
            async with turns.awaited(handicap):
                done.append(name)

        async with turns.awaited():
            program = asyncio.create_task(ask("a program", 0.05))
            await asyncio.sleep(0.1)
            reader = asyncio.create_task(ask("a reader"))
            await asyncio.sleep(0)
        await asyncio.gather(program, reader)
        return done

    assert asyncio.run(work()) == ["a program", "a reader"]


def test_threads_and_coroutines_share_the_turns_and_never_more_than_may() -> None:
    turns, now, most = Turns(2), [0], [0]
    lock = threading.Lock()

    def step(by: int) -> None:
        with lock:
            now[0] += by
            most[0] = max(most[0], now[0])

    def program() -> None:
        for _ in range(20):
            with turns.waited():
                step(1)
                time.sleep(0.0005)
                step(-1)

    async def reader() -> None:
        for _ in range(20):
            async with turns.awaited():
                step(1)
                await asyncio.sleep(0.0005)
                step(-1)

    threads = [threading.Thread(target=program) for _ in range(4)]
    for thread in threads:
        thread.start()

    async def read() -> None:
        await asyncio.gather(*(reader() for _ in range(4)))

    asyncio.run(read())
    for thread in threads:
        thread.join()
    assert (now[0], most[0], len(turns)) == (0, 2, 0)


def test_one_who_leaves_while_waiting_holds_nobody_up_and_a_failure_gives_the_turn_back() -> None:
    async def work() -> str:
        turns = Turns(1)

        async def ask() -> str:
            async with turns.awaited():
                return "답"

        async with turns.awaited():
            gone = asyncio.create_task(ask())
            await asyncio.sleep(0.01)
            gone.cancel()
        try:
            async with turns.awaited():
                raise ValueError
        except ValueError:
            return await asyncio.wait_for(ask(), 1)

    assert asyncio.run(work()) == "답"
