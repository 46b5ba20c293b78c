"""Numpy has one thread while any of our work goes on, and its own number again after the last of it."""

import threading

import numpy  # noqa: F401 -- brings the library that has the threads
import pytest
from threadpoolctl import threadpool_info

from headlapse.blas import one_blas_thread


def threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.mark.skipif(threads() in (set(), {1}), reason="numpy has one thread, or a library whose threads cannot be told")
def test_work_that_overlaps_leaves_the_number_as_it_was():
    before = threads()
    first_is_in, second_is_in = threading.Event(), threading.Event()
    seen = []

    def second():
        first_is_in.wait(10)
        with one_blas_thread:
            second_is_in.set()
            first.join(10)
            seen.append(threads())

    def begin():
        with one_blas_thread:
            first_is_in.set()
            second_is_in.wait(10)
            seen.append(threads())

    first, other = threading.Thread(target=begin), threading.Thread(target=second)
    other.start(), first.start()
    other.join(20)
    assert seen == [{1}, {1}] and threads() == before


@pytest.mark.skipif(threads() in (set(), {1}), reason="numpy has one thread, or a library whose threads cannot be told")
def test_the_last_restores_it_while_the_first_goes_on_with_something_else():
    before = threads()
    entered, may_leave, has_left, may_end = (threading.Event() for _ in range(4))

    def begin():
        with one_blas_thread:
            entered.set()
            may_leave.wait(10)
        has_left.set()
        may_end.wait(10)

    first = threading.Thread(target=begin)
    first.start()
    entered.wait(10)
    with one_blas_thread:
        may_leave.set()
        has_left.wait(10)
        assert threads() == {1}
    assert first.is_alive() and threads() == before
    may_end.set()
    first.join(10)


def test_an_error_within_restores_it():
    before = threads()
    with pytest.raises(ValueError, match="within"), one_blas_thread:
        raise ValueError("within")
    assert threads() == before
