"""Work in threads of Python: all of it is done, several at once, and what it raises is raised."""

from __future__ import annotations

from threading import Barrier

import numpy as np
import pytest

from headlapse.system.in_threads import in_threads


def test_work_is_done_on_several_things_at_once() -> None:
    both, done = Barrier(2, timeout=60), np.zeros(6, dtype=int)

    def work(number: int) -> None:
        both.wait()
        done[number] += 1

    in_threads(work, range(6), 2)
    assert done.tolist() == [1] * 6


def test_one_thread_works_in_order() -> None:
    done: list[int] = []
    in_threads(done.append, [3, 1, 2], 1)
    in_threads(done.append, [7], 4)
    assert done == [3, 1, 2, 7]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_is_raised_is_raised(threads: int) -> None:
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda number: 1 // number, [1, 0, 2], threads)
