"""Numpy has one thread while any of our work goes on, and its own number again after the last of it."""

import threading
from collections.abc import Iterator

import numpy  # noqa: F401 -- brings the library that has the threads
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from headlapse.system.blas_threads import one_blas_thread
from tests.waiting import SECONDS


def threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def set_threads(number: int) -> None:
    """In a thread that ends: while one lives that has set the number, no other can."""
    setter = threading.Thread(target=threadpool_limits, args=[number, "blas"])
    setter.start()
    setter.join()


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    """Numpy with two threads, whatever this machine and the environment give it."""
    before = threads()
    set_threads(2)
    if threads() != {2} or len(before) != 1:
        pytest.skip("numpy has no library of one number of threads that can be told")
    yield
    set_threads(*before)


def test_work_that_overlaps_leaves_the_number_as_it_was():
    first_is_in, second_is_in = threading.Event(), threading.Event()
    seen = []

    def second():
        first_is_in.wait(SECONDS)
        with one_blas_thread:
            second_is_in.set()
            first.join(SECONDS)
            seen.append(threads())

    def begin():
        with one_blas_thread:
            first_is_in.set()
            second_is_in.wait(SECONDS)
            seen.append(threads())

    first, other = threading.Thread(target=begin), threading.Thread(target=second)
    other.start(), first.start()
    other.join(2 * SECONDS)
    assert seen == [{1}, {1}] and threads() == {2}


def test_the_last_restores_it_while_the_first_goes_on_with_something_else():
    entered, may_leave, has_left, may_end = (threading.Event() for _ in range(4))

    def begin():
        with one_blas_thread:
            entered.set()
            may_leave.wait(SECONDS)
        has_left.set()
        may_end.wait(SECONDS)

    first = threading.Thread(target=begin)
    first.start()
    entered.wait(SECONDS)
    with one_blas_thread:
        may_leave.set()
        has_left.wait(SECONDS)
        assert threads() == {1}
    assert first.is_alive() and threads() == {2}
    may_end.set()
    first.join(SECONDS)


def test_an_error_within_restores_it():
    with pytest.raises(ValueError, match="within"), one_blas_thread:
        raise ValueError("within")
    assert threads() == {2}
