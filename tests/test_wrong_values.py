"""Every public function says in one line what is wrong with a value, whatever it is: none raises an error of Python's own."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import headlapse
from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
from headlapse.dashboard import serve
from headlapse.errors import HeadlapseError
from headlapse.export import draw_view, export_view, select_epochs
from headlapse.results import ArtifactLoader
from headlapse.training.progress import Silent
from headlapse.visualization import lock_in_marks, lock_in_rows, render_losses
from headlapse.visualization.attention_entropy import render_attention_entropy
from headlapse.visualization.attention_lock_in import render_lock_in_timeline
from headlapse.visualization.attention_patterns import render_attention_heads, render_attention_single_head
from headlapse.visualization.views import EpochData
from headlapse.workbench import ModelFamily, Variant

Call = Callable[[Any], object]
Render = Callable[..., object]

TEXTS = ("31", "")
TRUTHS = (True, False, np.True_)
FRACTIONS = (1.5, np.float64(1.5))
NOT_FINITE = (float("nan"), float("inf"), np.float32("-inf"))
HUGE = (10**400, 10**5000)
LISTS = ([1], (1, 2), np.array([1.5]))
EMPTY = ([], (), {}, np.array([]))
OBJECTS = (b"x", 3 + 0j, object(), np.array(5), {"a": 1}, lambda: 0)
NUMBERS = (-1, *FRACTIONS, *NOT_FINITE, *HUGE)
COLLECTIONS = (*LISTS, *EMPTY)
ALL = (*TEXTS, *TRUTHS, *NUMBERS, *COLLECTIONS, *OBJECTS)
NO_TEXT = (*TRUTHS, *NUMBERS, *COLLECTIONS, *OBJECTS)
NO_FLAG = (*TEXTS, np.True_, *NUMBERS, *COLLECTIONS, *OBJECTS)
NO_EPOCH = ALL
NO_POSITION = tuple(value for value in ALL if value is not NUMBERS[0])  # -1 is the last one
NO_NUMBER = (*TEXTS, *TRUTHS, *NOT_FINITE, *HUGE, *COLLECTIONS, *OBJECTS)
NO_LIST = (*TEXTS, *TRUTHS, *NUMBERS, *OBJECTS)
PATTERNS, ENTROPY, LOCK_IN = "attention_patterns", "attention_entropy", "attention_lock_in"


def refuses(call: Call, values: Iterable[Any]) -> None:
    for value in values:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                call(value)
            except HeadlapseError as error:
                message = str(error)
                assert message and "\n" not in message and len(message) < 500
            else:
                pytest.fail(f"{type(value).__name__} was accepted")


TOP_LEVEL: dict[str, tuple[Call, tuple[Any, ...]]] = {
    "load_family": (headlapse.load_family, (*ALL, None)),
    "load_family, folders": (lambda value: headlapse.load_family("modulo_addition_1layer", value), (*NO_TEXT, "", None)),
    "list_families": (headlapse.list_families, (*NO_TEXT, "", None)),
    "load_variant": (headlapse.load_variant, (*ALL, None)),
    "scrub": (headlapse.scrub, (*ALL, None)),
    "to_bridge": (lambda value: headlapse.to_bridge(value, 0), (*ALL, None)),
    "AnalysisPipeline": (AnalysisPipeline, (*ALL, None)),
    "AnalysisRunConfig.analyzers": (lambda value: AnalysisRunConfig(analyzers=value), (*NO_LIST, *EMPTY, [5])),
    "AnalysisRunConfig.checkpoints": (lambda value: AnalysisRunConfig(checkpoints=value), (*NO_LIST, *EMPTY, ["5"], [-1])),
    "AnalysisRunConfig.force": (lambda value: AnalysisRunConfig(force=value), (*NO_FLAG, None)),
    "AnalysisRunConfig.device": (lambda value: AnalysisRunConfig(device=value), (*ALL, None, "tpu")),
    "ArtifactLoader": (ArtifactLoader, (*NO_TEXT, "", None)),
    "export_view": (export_view, (*ALL, None)),
    "select_epochs": (lambda value: select_epochs(value, "attention_heads_grid"), (*ALL, None)),
    "lock_in_marks": (lock_in_marks, (*ALL, None)),
    "lock_in_rows": (lock_in_rows, (*NO_LIST, None, [1], [("a", {})], [(5, {})], ["ab"])),
    "render_losses, train": (lambda value: render_losses(value, [1.0]), (*NO_LIST, None, ["a"], [[1]], [True], [1j])),
    "render_losses, test": (lambda value: render_losses([1.0], value), (*NO_LIST, None, ["a"], [[1]], [True], [1j])),
    "render_losses, epoch": (lambda value: render_losses([1.0], [1.0], epoch=value), NO_EPOCH),
    "render_losses, title": (lambda value: render_losses([1.0], [1.0], title=value), NO_TEXT),
}


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_functions_of_the_package(name: str) -> None:
    refuses(*TOP_LEVEL[name])


@pytest.mark.parametrize("setting", ["prime", "seed", "data_seed", "train_fraction", "lr", "weight_decay", "beta1"])
def test_settings(setting: str, family: ModelFamily) -> None:
    whole = family.settings[setting].type == "integer"
    refuses(lambda value: family.variant(**{setting: value}), (*NO_NUMBER, -1, *(FRACTIONS if whole else ())))


def test_the_folder_of_the_results(family: ModelFamily) -> None:
    refuses(lambda value: family.variant(results=value), (*NO_TEXT, "", None, "a\0b"))


@pytest.mark.parametrize("method", ["at", "patterns", "record", "checkpoint", "checkpoint_hash"])
def test_epochs_of_a_variant(method: str, trained: Variant) -> None:
    refuses(getattr(trained, method), (*NO_EPOCH, None, 30, 61, np.int64(61)))
    assert getattr(trained, method)(np.int64(60)) is not None


IMPORTING = {
    "family": ALL,
    "results": (*NO_TEXT, "", None),
    "epoch": (*TEXTS, *TRUTHS, *NUMBERS, *OBJECTS, {}, (1, 2), [1.5], ["1"], [True]),
    "epochs_every": (*NO_NUMBER, -1, 0, 1.5),
    "prime": ALL,
    "heads": (*NO_NUMBER, -1, 0, 1.5),
    "settings": (*TEXTS, *TRUTHS, *NUMBERS, *LISTS, {"lr": "0.1"}, {5: 1}, {"depth": 2}, {"a": 1}),
    "weights": NO_TEXT,
    "losses_every": ("", *TRUTHS, *NOT_FINITE, *COLLECTIONS, *OBJECTS, -1, "1/0", "five"),
    "name": (*NO_TEXT, "", "a/b", "*"),
    "progress": (*TEXTS, *TRUTHS, *NUMBERS, *COLLECTIONS, {"a": 1}),
}


@pytest.mark.parametrize("take", [headlapse.import_checkpoints, headlapse.import_variants])
def test_imports(take: Callable[..., object], trained: Variant, tmp_path: Path) -> None:
    path = trained.paths.checkpoint(60)
    refuses(lambda value: take(value, results=tmp_path), (*NO_TEXT, "", None, [""], [5], ["a", None]))
    refuses(lambda value: take(path, results=tmp_path, losses_evry=value), [1])


@pytest.mark.parametrize("name", IMPORTING)
def test_options_of_imports(name: str, trained: Variant, tmp_path: Path) -> None:
    path = trained.paths.checkpoint(60)
    refuses(lambda value: headlapse.import_checkpoints(path, **{"results": tmp_path, name: value}), IMPORTING[name])
    assert not any(tmp_path.iterdir())


TRAINING = {
    "epochs": NO_EPOCH,
    "checkpoint_epochs": (*NO_LIST, ["5"], [1.5], [True], [-1], [61]),
    "checkpoint_every": (*ALL, 0),
    "checkpoints": (*ALL, None),
    "budget": (*ALL, 2),
    "test_every": (*ALL, 0, None),
    "analyze": (*NO_FLAG, None),
    "device": (*ALL, None),
    "restart": (*NO_FLAG, None, 0, 1, "no"),
    "progress": ALL,
}


@pytest.mark.parametrize("name", TRAINING)
def test_options_of_training(name: str, trained: Variant) -> None:
    adaptive = {"checkpoints": "adaptive"} if name == "budget" else {}
    refuses(lambda value: trained.train(**{"epochs": 60, "progress": Silent(), **adaptive, name: value}), TRAINING[name])
    assert trained.state == "analysed"


def test_readers_of_artifacts(trained: Variant) -> None:
    loader, pair = trained.artifacts, np.s_[:, 2, 0]
    for method in (loader.get_epochs, loader.load_run, loader.load_epochs, lambda name: loader.load_epoch(name, 0)):
        refuses(method, (*NO_TEXT, "", "..", "a/b", "a\0b", None))
    for method in (loader.load_epoch, loader.file, lambda name, epoch: loader.load_part(name, epoch, "patterns", pair)):
        refuses(lambda epoch, method=method: method(PATTERNS, epoch), (*NO_EPOCH, None))
    refuses(lambda epochs: loader.load_epochs(PATTERNS, epochs), (5, *NO_LIST, *EMPTY, ["0"], [0.0], [True], [30]))
    refuses(lambda name: loader.load_part(PATTERNS, 0, name, pair), (*ALL, None))
    indices = (*TEXTS, *TRUTHS, *FRACTIONS, *NOT_FINITE, *HUGE, 4, -5, (0,) * 6, [], np.s_[4:], *OBJECTS)
    refuses(lambda index: loader.load_part(PATTERNS, 0, "patterns", index), indices[:-2])


def test_losses(trained: Variant) -> None:
    refuses(trained.losses.at, (*NO_EPOCH, None))
    assert not np.isfinite(trained.losses.at(61)).any() and np.isfinite(trained.losses.at(60)).all()


RENDERERS = {
    render_attention_heads: PATTERNS,
    render_attention_single_head: PATTERNS,
    render_attention_entropy: ENTROPY,
}
LOOK = {
    "origin": (*ALL, None),
    "color_range": (*(value for value in ALL if not isinstance(value, tuple)), (1, 0), (0, np.nan), ("0", 1), (1,), None),
    "scale": ALL,
    "midpoint": (*NO_NUMBER, 1e308),
    "columns": (*ALL, 0),
}
ARGUMENTS = {
    "epoch": NO_EPOCH,
    "to_position": (*NO_POSITION, None, 3, -4),
    "position_labels": (*NO_LIST, *EMPTY, [1, 2, 3], ["a", "b"], "ab="),
    "title": NO_TEXT,
    "width": (*ALL, 0, 1, 9),
    "height": (*ALL, 0, 1, 9),
}


def data_of(trained: Variant, render: Render) -> EpochData:
    return trained.artifacts.load_epoch(RENDERERS.get(render, LOCK_IN), 60)


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("name", [*ARGUMENTS, *LOOK])
def test_arguments_of_renderers(render: Render, name: str, trained: Variant) -> None:
    data = data_of(trained, render)
    values = (ARGUMENTS | LOOK)[name]
    refuses(lambda value: render(data, **{"epoch": 0, name: value}), (*values, *([None] if name == "epoch" else [])))


@pytest.mark.parametrize("name", [*ARGUMENTS, "quantity", "threshold"])
def test_arguments_of_the_timeline(name: str, trained: Variant) -> None:
    render, data = render_lock_in_timeline, data_of(trained, render_lock_in_timeline)
    values = ARGUMENTS | {"quantity": (*ALL, None), "threshold": (*NO_NUMBER, 0.07)}
    refuses(lambda value: render(data, **{"epoch": 0, name: value}), values[name])


def test_heads_and_pairs(trained: Variant) -> None:
    render, data = render_attention_single_head, data_of(trained, render_attention_single_head)
    for name in ("head_idx", "from_position"):
        refuses(lambda value, name=name: render(data, 0, **{name: value}), (*NO_POSITION, None, 4, -5))


def test_an_argument_that_no_renderer_knows_is_named(trained: Variant) -> None:
    for render in RENDERERS:
        data = data_of(trained, render)
        with pytest.raises(HeadlapseError, match="unknown argument 'colour'; known: color_range, columns"):
            render(data, 0, colour="red")


@pytest.mark.parametrize("render", [*RENDERERS, render_lock_in_timeline])
def test_arrays_that_cannot_be_drawn(render: Render, trained: Variant) -> None:
    data = data_of(trained, render)
    name = "distance" if render is render_lock_in_timeline else next(iter(data))
    array = data[name]
    wrong = [array.astype(kind) for kind in (str, bytes, complex, object, bool)]
    wrong += [array[0], array[..., None], array[:0], [array.tolist()[0], [1]], np.zeros(1), None, 5, "31"]
    if render in RENDERERS:  # in a timeline NaN stands for what there is not
        nan, infinite = array.copy(), array.copy()
        nan[(0,) * array.ndim], infinite[(-1,) * array.ndim] = np.nan, np.inf
        wrong += [nan, infinite, np.full_like(array, np.nan)]
    else:
        wrong += [array[1:], array[:, :, 1:]]  # as long as no other array of the run
    refuses(lambda value: render({**data, name: value}, 0), wrong)
    refuses(lambda value: render(value, 0), (*ALL, None))


def test_lists_and_integers_are_drawn(trained: Variant) -> None:
    patterns = np.tile(np.eye(3, dtype=int)[None, :, :, None, None], (2, 1, 1, 5, 5))
    assert len(render_attention_heads({"patterns": patterns.tolist()}, np.int64(5), np.int32(-1)).data) == 2


def test_exports(trained: Variant, tmp_path: Any) -> None:
    path = tmp_path / "x.png"
    wrong: dict[str, tuple[Any, ...]] = {
        "epochs": (*ALL, 30, ["0"], [0.0], [True], [30]),
        "view": (*ALL, None),
        "choices": (*NO_LIST[:-3], [1], {"pair": 5}, {"pair": None}, {5: "x"}, {"pair": "x"}, {"colour": "x"}),
        "progress": tuple(value for value in ALL if not callable(value)),
        "theme": (*ALL, None),
        "scale": (*ALL, None, 0, 9),
        "fps": (*NO_NUMBER, None, 0, 51),
        "colour": ("red",),
    }
    for name, values in wrong.items():
        refuses(lambda value, name=name: export_view(trained, path, **{name: value}), values)
    refuses(lambda value: export_view(trained, value), ALL)
    refuses(lambda value: draw_view(trained, value), (*ALL, None))
    assert not path.exists()


@pytest.mark.parametrize("name", ["epoch", "first", "last", "most"])
def test_a_choice_of_epochs(name: str, trained: Variant) -> None:
    refuses(lambda value: select_epochs(trained, "attention_heads_grid", **{name: value}), ALL)


def test_moments(trained: Variant) -> None:
    moment = trained.at(60)
    refuses(moment.view, (*ALL, None))
    refuses(lambda value: moment.view(to_position=value).figure(), (*NO_POSITION, None))
    refuses(moment.view().export, (*NO_TEXT, "", None))
    refuses(lambda name: moment.view().export("x.png", **{name: 1}), ["colour"])
    refuses(lambda value: headlapse.scrub(trained, value), (*ALL, None))
    refuses(lambda value: headlapse.scrub(trained, widget=value), NO_FLAG)
    refuses(lambda value: headlapse.to_bridge(trained, value), (*NO_EPOCH, None, 30))
    refuses(lambda value: AnalysisPipeline(trained, value), ALL)
    refuses(AnalysisPipeline(trained).run, tuple(value for value in ALL if not callable(value)))


SERVING = {
    "results": (*NO_TEXT, "", None),
    "host": (*ALL, None),
    "port": (*ALL, None, 65_536),
    "families": (*NO_LIST, None, [5], [None]),
    "names": (*NO_LIST, None, [5], [None]),
    "token": (*NO_TEXT, ""),
    "open_browser": (*NO_FLAG, None),
    "on_ready": tuple(value for value in ALL if not callable(value)),
}


@pytest.mark.parametrize("name", SERVING)
def test_a_server_does_not_start(name: str, tmp_path: Any) -> None:
    refuses(lambda value: serve(**{"results": tmp_path, "port": 0, name: value}), SERVING[name])
