"""What cannot be recorded is refused in one line, before anything is written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import headlapse
from headlapse.errors import InvalidValueError
from tests.recording.loops import opened, record
from tests.recording.models import transformer

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "heads": ({"heads": [6]}, "heads 6 does not exist; there are 6, 0 to 5"),
    "twice": ({"heads": [0, -6]}, "heads must not repeat a number"),
    "layers": ({"layers": [2]}, "each of layers must be a whole number from 0 to 1"),
    "one layer": ({"layers": 1}, "layers must be a list of layers"),
    "no layer": ({"layers": []}, "layers is empty"),
    "settings": ({"settings": {"lr": np.float32(1)}}, "settings lr must be a finite number, a text"),
    "NaN in settings": ({"settings": {"lr": float("nan")}}, "settings lr must be a finite number"),
    "axes": ({"axes": {"a": 2, "b": 3}}, r"the axes \(a 2 x b 3\) must enumerate the 7 rows"),
    "labels": ({"position_labels": ["a"]}, "position_labels must be 5 labels"),
    "dtype": ({"dtype": "bfloat16"}, "dtype must be float32 or float16"),
    "reduce": ({"reduce": "max"}, "reduce must be none or mean"),
    "schedule": ({"schedule": "often"}, 'schedule must be a number of epochs, "log", "adaptive" or a list'),
    "every": ({"schedule": 0}, "schedule must be a whole number >= 1"),
    "resume": ({"resume": 1}, "resume must be True or False"),
    "sides": ({"positions": {"of": [1]}}, "unknown side of positions 'of'; known: from, to"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_refused_before_anything_is_written(case: str, tmp_path: Path) -> None:
    options, words = WRONG[case]
    with pytest.raises(headlapse.HeadlapseError, match=words):
        record(transformer("by hand"), tmp_path, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", 7])
def test_a_name_is_a_name(name: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="a name must be"):
        record(transformer("by hand"), tmp_path, name)


def test_scalars_must_be_numbers(tmp_path: Path) -> None:
    with record(transformer("by hand"), tmp_path) as recorder:
        for wrong in ("high", torch.ones(2), [1], object()):
            with pytest.raises(InvalidValueError, match="loss must be a number, or a tensor of one number"):
                recorder.step(0, loss=wrong)
        recorder.step(0, loss=None, nothing=float("nan"), much=torch.tensor(float("inf")), whole=np.float32(2))
        for arguments in ({}, {"step": 1, "epoch": 2}):
            with pytest.raises(InvalidValueError, match="give the step"):
                recorder.step(**arguments)
    run = opened(tmp_path)
    assert set(run.scalars) == {"nothing", "much", "whole"} and run.scalars["much"].at(1) == float("inf")


def test_too_much_is_refused_with_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = transformer("by hand")
    monkeypatch.setattr("headlapse.recording.limits.free_memory", lambda: 1000)
    with pytest.raises(
        InvalidValueError, match=r"one capture needs 0\.0 MB of memory .*6 heads, 5 . 5 positions, 7 inputs.*float16"
    ):
        record(kind, tmp_path)
    monkeypatch.setattr("headlapse.recording.limits.free_memory", lambda: None)
    monkeypatch.setattr("headlapse.recording.limits.free_bytes", lambda _: 1000)
    with pytest.raises(InvalidValueError, match=r"4 captures need at least 0\.0 MB and .* free"):
        record(kind, tmp_path, schedule=[1, 2, 3])
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_reported_after_the_end(tmp_path: Path) -> None:
    recorder = record(transformer("by hand"), tmp_path)
    recorder.finish()
    for late in (lambda: recorder.step(0), lambda: recorder.log(1, loss=1), recorder.capture):
        with pytest.raises(InvalidValueError, match=r"^the recording has ended, so nothing more is recorded; .*resume=True\)$"):
            late()
    recorder.finish()
    assert opened(tmp_path).epochs == [0]


def test_a_mask_before_the_inputs_is_named(tmp_path: Path) -> None:
    class Masked(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = transformer("by hand").model

        def forward(self, mask: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
            return self.inner(tokens) * mask[4, 4]

    def way(first: Any, name: str) -> None:
        with pytest.raises(InvalidValueError, match=rf"on 5 inputs, since {name} has as many rows; if it is not the inputs,"):
            headlapse.record(Masked(), "mine", first, results=tmp_path)

    mask, tokens = torch.ones(5, 5), torch.arange(20).reshape(4, 5) % 11
    way({"mask": mask, "tokens": tokens}, "the first tensor, 'mask',")
    way((mask, tokens), "the first tensor")


def test_a_model_that_trims_to_the_longest_row_is_refused(tmp_path: Path) -> None:
    class Trimmed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = transformer("by hand").model

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            return self.inner(tokens[:, : int((tokens != 0).sum(1).max())])

    tokens = torch.tensor([[1, 2, 0, 0], [3, 0, 0, 0], [4, 5, 6, 7]])
    with pytest.raises(InvalidValueError, match=r"number of positions depends on the rows, .*; give rows of equal length"):
        headlapse.record(Trimmed(), "mine", tokens, results=tmp_path)


def test_a_probe_on_which_the_model_does_not_run_is_refused(tmp_path: Path) -> None:
    kind = transformer("by hand")
    for probe in (torch.full((7, 5), 99), {"words": kind.probe}, (kind.probe, kind.probe), kind.probe.float()):
        with pytest.raises(
            InvalidValueError, match=r"^the model does not run on the probe: (Index|Type|Runtime)Error: [^\n]+$"
        ):
            headlapse.record(kind.model, "mine", probe, results=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_model_without_values_is_refused(tmp_path: Path) -> None:
    kind = transformer("by hand")
    with pytest.raises(InvalidValueError, match=r'its parameters have no values yet \(device "meta"\); load them first'):
        headlapse.record(kind.model.to("meta"), "mine", kind.probe, results=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_lazy_modules_are_not_initialized(tmp_path: Path) -> None:
    made = nn.Sequential(nn.LazyLinear(3))
    with pytest.raises(InvalidValueError, match="lazy modules have no parameters yet; run the model once first"):
        headlapse.record(made, "mine", torch.rand(2, 4, 5), results=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_attention_in_a_thread_of_its_own_is_refused(tmp_path: Path) -> None:
    class Apart(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.beside, self.apart = transformer("by hand").model, transformer("by hand").model

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            with ThreadPoolExecutor(1) as threads:
                return self.beside(tokens) + threads.submit(self.apart, tokens).result()

    with pytest.raises(InvalidValueError, match=r"of apart.* cannot be seen, since it runs in a thread of its own"):
        headlapse.record(Apart(), "mine", transformer("by hand").probe, results=tmp_path)


def test_a_thread_that_shares_the_model_meets_no_error(tmp_path: Path) -> None:
    kind, others = transformer("by hand"), []
    recorder = record(kind, tmp_path, schedule=1)

    def beside(_module: nn.Module, _inputs: object) -> None:
        if not others:
            others.append(threads.submit(kind.model.router, torch.rand(1, 12)))
            others[0].result()

    kind.model.layers[0].register_forward_pre_hook(beside)
    with (
        ThreadPoolExecutor(1) as threads,
        pytest.warns(RuntimeWarning, match="epoch 1 is not recorded: .* router cannot be seen, since it runs in a thread"),
    ):
        recorder.step(0)
    recorder.finish()
    assert opened(tmp_path).patterns(1).shape == opened(tmp_path).patterns(0).shape
