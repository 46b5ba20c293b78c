"""The command of the benchmarks: what it measures without a word, and what it refuses."""

from __future__ import annotations

import pytest
from benchmarks.__main__ import parser


@pytest.mark.parametrize("parts", [[], ["steps"], ["families", "precision"]])
def test_named_parts_are_measured(parts: list[str]) -> None:
    assert parser().parse_args(parts).parts == parts


def test_a_part_that_there_is_not_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["speed"])
    assert "there is no part speed; choose from steps, precision, " in capsys.readouterr().err
