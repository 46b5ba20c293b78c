"""Weights that a program has split over its processes: refused, with the way to make one file of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from headlapse.errors import IncompatibleFileError

PART = "mp_rank_"  # the first part may also be the only one
_PARTS = (  # names of the parts, the problem and the remedy
    (
        re.compile(r".*\.distcp"),
        "holds a distributed checkpoint",
        "make one file of it: python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER FILE",
    ),
    (
        re.compile(r"(bf16_)?zero_pp_rank_[0-9]+_mp_rank_[0-9]+_model_states\.pt"),
        "holds weights that ZeRO has split",
        "make one file of them: python zero_to_fp32.py FOLDER FILE",
    ),
    (
        re.compile(PART + r"0*[1-9][0-9]*([_.].*)?"),
        "holds the parts of a model-parallel model",
        "join them with the tools of the program that made them",
    ),
)


def check_one_part(folder: Path, paths: Iterable[Path]) -> None:
    """Raise `IncompatibleFileError` if there are parts of weights among the `paths` in `folder`."""
    names = [path.name for path in paths]
    for pattern, problem, remedy in _PARTS:
        if any(pattern.fullmatch(name) for name in names):
            raise IncompatibleFileError(folder, problem, remedy)
