"""Files are read by what they hold, as plain data, and nothing in them is run or believed."""

from __future__ import annotations

import argparse
import collections
import dataclasses
import datetime
import enum
import functools
import io
import json
import pathlib
import pickle
import random
import struct
import sys
import tracemalloc
import types
import typing
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from headlapse.errors import CorruptFileError, HeadlapseError, InvalidValueError
from headlapse.importing.reading import StoredTensor, read_content
from headlapse.importing.reading.formats import FormatRegistry
from headlapse.importing.reading.standins import fields, scalar, sequence
from tests.importing.models import assert_weights, model, take

ENDINGS = ["", ".bin", ".ckpt", ".model", ".pt", ".pth", ".pth.tar", ".safetensors", ".npz", ".txt", ".weights"]


def write(how: str, content: dict[str, Any], path: Path) -> None:
    if how == "safetensors":
        save_file({name: tensor.contiguous() for name, tensor in content.items()}, path)
    elif how == "torch":
        torch.save(content, path)
    elif how == "torch before 1.6":
        torch.save(content, path, _use_new_zipfile_serialization=False)
    elif how == "pickle of arrays":
        path.write_bytes(pickle.dumps({name: tensor.numpy() for name, tensor in content.items()}))
    elif how == "pickle of tensors":
        path.write_bytes(pickle.dumps(content))
    elif how == "npy of a dictionary":
        with path.open("wb") as file:
            np.save(file, {name: tensor.numpy() for name, tensor in content.items()})
    else:
        save = np.savez if how == "npz" else np.savez_compressed
        with path.open("wb") as file:
            save(file, **{name: tensor.numpy() for name, tensor in content.items()})


FORMATS = ["safetensors", "torch", "torch before 1.6", "pickle of arrays", "pickle of tensors", "npz", "npz compressed"]
FORMATS += ["npy of a dictionary"]


@pytest.mark.parametrize("how", FORMATS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_content_decides_the_format(how: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"epoch_5{ending}"
    write(how, model(), path)
    content = read_content(path)
    assert {name: tensor.load().tolist() for name, tensor in content.items()} == {n: t.tolist() for n, t in model().items()}


@pytest.mark.parametrize("how", FORMATS)
def test_every_format_is_imported(how: str, tmp_path: Path) -> None:
    write(how, model(), tmp_path / "epoch_5")
    assert_weights(take(tmp_path / "epoch_5", tmp_path), 5, model())


def test_every_format_has_a_title() -> None:
    assert all(FormatRegistry.get(name).title for name in FormatRegistry.names())


class Act(enum.Enum):
    RELU = "relu"


class Size(enum.IntEnum):
    SMALL = 3


@dataclasses.dataclass
class Settings:
    p: int = 11
    lr: float = 0.25


class Record(dict):  # type: ignore[type-arg]
    pass


class Slotted:
    __slots__ = ("p",)

    def __init__(self) -> None:
        self.p = 11


PLAIN = {
    "numpy float": (np.float64(2.5), 2.5),
    "numpy integer": (np.int64(7), 7),
    "numpy truth": (np.bool_(True), True),
    "numpy text": (np.str_("add"), "add"),
    "tensor": (torch.tensor(3), 3),
    "dtype": (torch.float32, "float32"),
    "device": (torch.device("cuda:1"), "cuda:1"),
    "enumeration": (Act.RELU, "relu"),
    "integer enumeration": (Size.SMALL, 3),
    "path": (pathlib.PurePosixPath("/data/run"), "/data/run"),
    "windows path": (pathlib.PureWindowsPath("C:/run"), "C:/run"),
    "large number": (2**70, 2**70),
}


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("what", PLAIN)
def test_scalars(what: str, protocol: int, tmp_path: Path) -> None:
    value, expected = PLAIN[what]
    torch.save({"x": value}, tmp_path / "a", pickle_protocol=protocol)
    assert scalar(read_content(tmp_path / "a")["x"]) == (True, expected)


COLLECTIONS = {
    "namespace": (argparse.Namespace(p=11), {"p": 11}),
    "simple namespace": (types.SimpleNamespace(p=11), {"p": 11}),
    "dataclass": (Settings(), {"p": 11, "lr": 0.25}),
    "slots": (Slotted(), {"p": 11}),
    "ordered": (collections.OrderedDict(p=11), {"p": 11}),
    "default": (collections.defaultdict(list, p=11), {"p": 11}),
    "counter": (collections.Counter("aab"), {"a": 2, "b": 1}),
    "own dictionary": (Record(p=11), {"p": 11}),
}
SEQUENCES = {
    "range": (range(0, 30, 10), [0, 10, 20]),
    "set": ({1, 2}, [1, 2]),
    "frozen set": (frozenset((3,)), [3]),
    "deque": (collections.deque([1, 2], maxlen=4), [1, 2]),
    "size": (torch.Size((2, 3)), [2, 3]),
    "array": (np.arange(3, dtype=">i4"), [0, 1, 2]),
    "array of objects": (np.array([1, None, "x"], dtype=object), [1, None, "x"]),
    "tensor": (torch.arange(3), [0, 1, 2]),
}


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_collections(protocol: int, tmp_path: Path) -> None:
    content = {name: value for name, (value, _) in {**COLLECTIONS, **SEQUENCES}.items()}
    torch.save(content, tmp_path / "a", pickle_protocol=protocol)
    found = read_content(tmp_path / "a")
    for name, (_, expected) in COLLECTIONS.items():
        assert fields(found[name]) == expected, name
    for name, (_, expected) in SEQUENCES.items():
        assert sorted(map(str, sequence(found[name]) or ())) == sorted(map(str, expected)), name


TENSORS = {
    "transposed": torch.arange(24.0).reshape(4, 6).T,
    "part": torch.arange(24.0).reshape(4, 6)[1:, ::2],
    "expanded": torch.tensor([[1.0], [2.0]]).expand(2, 3),
    "half": torch.ones(3, dtype=torch.float16),
    "bfloat16": torch.full((2,), 1.5, dtype=torch.bfloat16),
    "truth": torch.tensor([True, False]),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 3),
    "parameter": torch.nn.Parameter(torch.arange(3.0)),
}


@pytest.mark.parametrize("new", [True, False], ids=["zip", "legacy"])
def test_tensors(new: bool, tmp_path: Path) -> None:
    torch.save(TENSORS, tmp_path / "a", _use_new_zipfile_serialization=new)
    for name, tensor in read_content(tmp_path / "a").items():
        assert (tensor.shape, tensor.dtype) == (tuple(TENSORS[name].shape), TENSORS[name].dtype)
        assert torch.equal(tensor.load(), TENSORS[name]), name


@pytest.mark.parametrize("new", [True, False], ids=["zip", "before torch 1.6"])
def test_a_view_with_the_other_sign(new: bool, tmp_path: Path) -> None:
    part = torch.complex(torch.randn(4, 3), torch.randn(4, 3)).conj().imag
    torch.save({"part": part, "of parts": part[1:, ::2]}, tmp_path / "a", _use_new_zipfile_serialization=new)
    found = read_content(tmp_path / "a")
    assert part.is_neg() and found["part"].load().equal(part) and found["of parts"].load().equal(part[1:, ::2])


@pytest.mark.parametrize(
    "bias", [torch.empty(3, 5, device="meta"), torch.eye(3, 5).to_sparse(), np.ma.MaskedArray(np.ones((3, 5)))], ids=type
)
def test_a_bias_that_is_no_plain_tensor_is_not_taken_for_absent(bias: Any, tmp_path: Path) -> None:
    torch.save({"net": {f"module.{name}": tensor for name, tensor in model().items()}, "epoch": 5}, tmp_path / "a.pt")
    content = torch.load(tmp_path / "a.pt")
    content["net"]["module.blocks.0.attn.b_K"] = bias
    torch.save(content, tmp_path / "a.pt")
    with pytest.raises(
        HeadlapseError, match=r"holds blocks\.0\.attn\.b_K as an object of .*, which is not read; save it as a plain"
    ):
        take(tmp_path / "a.pt", tmp_path)
    content["net"]["module.blocks.0.attn.b_K"] = None
    torch.save(content, tmp_path / "a.pt")
    assert "not in the file, set to zero: blocks.0.attn.b_K" in take(tmp_path / "a.pt", tmp_path).notes


def test_arrays_of_any_order(tmp_path: Path) -> None:
    arrays = {"fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)), "big": np.arange(6, dtype=">f4").reshape(2, 3)}
    (tmp_path / "a").write_bytes(pickle.dumps(arrays))
    np.savez(tmp_path / "b.npz", **arrays)
    for path in (tmp_path / "a", tmp_path / "b.npz"):
        for tensor in read_content(path).values():
            assert tensor.load().tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_whole_module_gives_its_state_dict(tmp_path: Path) -> None:
    """`torch.save(model)` pickles the module; its class is neither needed nor run."""
    inner = torch.nn.Module()
    for name, tensor in model().items():
        place = inner
        for part in name.split(".")[:-1]:
            if not hasattr(place, part):
                place.add_module(part, torch.nn.Module())
            place = getattr(place, part)
        place.register_parameter(name.rsplit(".", 1)[-1], torch.nn.Parameter(tensor))
    inner.register_buffer("scratch", torch.ones(2), persistent=False)
    torch.save(inner, tmp_path / "epoch_5.pt")
    assert_weights(take(tmp_path / "epoch_5.pt", tmp_path), 5, model())
    torch.save({"net": torch.nn.DataParallel(inner), "epoch": 6}, tmp_path / "a.pt")
    assert_weights(take(tmp_path / "a.pt", tmp_path, name="b"), 6, model())


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_a_scripted_module_gives_its_parameters(tmp_path: Path) -> None:
    torch.jit.script(torch.nn.Sequential(torch.nn.Linear(2, 3))).save(str(tmp_path / "a.pt"))
    (linear,) = [value for value in (fields(read_content(tmp_path / "a.pt")) or {}).values() if fields(value)]
    assert {name: tensor.shape for name, tensor in (fields(linear) or {}).items() if isinstance(tensor, StoredTensor)} == {
        "weight": (3, 2),
        "bias": (3,),
    }


@pytest.mark.parametrize(
    "module",
    [
        "easy_transformer.EasyTransformerConfig",
        "transformer_lens.HookedTransformerConfig",
        "transformer_lens.config.HookedTransformerConfig",
        "transformer_lens.config.hooked_transformer_config",
        "my_project.models",
    ],
)
def test_configurations_of_any_class_are_read_without_it(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = module.split(".")
    for number in range(len(parts)):
        monkeypatch.setitem(sys.modules, ".".join(parts[: number + 1]), types.ModuleType(".".join(parts[: number + 1])))
    config = type("Config", (), {"__module__": module})
    sys.modules[module].Config = config  # type: ignore[attr-defined]
    value = config()
    value.seed, value.dtype, value.device, value.init = 5, torch.float32, torch.device("cpu"), functools.partial(print, 1)
    value.made = datetime.datetime(2024, 1, 1)
    torch.save({"model": model(), "config": value, "epoch": 3}, tmp_path / "a.pt")
    monkeypatch.undo()
    assert take(tmp_path / "a.pt", tmp_path).variant.settings == {"prime": 11, "seed": 5}


@dataclasses.dataclass(frozen=True, slots=True)
class Slots:
    use_attn_scale: bool = False


class Pair(typing.NamedTuple):
    n_heads: int = 3
    act_fn: str = "gelu"


def test_what_only_its_class_can_read_is_named_by_class(tmp_path: Path) -> None:
    torch.save({"model": model(), "epoch": 3, "config": {"inner": Slots(), "wd": 0.5}, "sizes": Pair()}, tmp_path / "a.pt")
    imported = take(tmp_path / "a.pt", tmp_path)
    assert imported.variant.settings == {"prime": 11, "weight_decay": 0.5}
    here = __name__
    assert f"not used: config.inner (an object of {here}.Slots), sizes (an object of {here}.Pair)" in imported.notes


class Payload:
    def __init__(self, target: Path, how: str) -> None:
        self.target, self.how = target, how

    def __reduce__(self) -> Any:
        return {
            "function": (Path.touch, (self.target,)),
            "system": (__import__("os").system, (f"touch {self.target}",)),
            "eval": (eval, (f"open({str(self.target)!r}, 'w').close()",)),
            "attribute": (getattr, (self.target, "touch")),
            "partial": (functools.partial, (Path.touch, self.target)),
            "setstate": (Hook, (), {"target": str(self.target)}),
        }[self.how]


class Hook:
    def __setstate__(self, state: dict[str, str]) -> None:
        Path(state["target"]).touch()


HOWS = ["function", "system", "eval", "attribute", "partial", "setstate"]


@pytest.mark.parametrize("how", HOWS)
def test_nothing_is_run(how: str, tmp_path: Path) -> None:
    target = tmp_path / "touched"
    content = {"model": model(), "epoch": 5, "config": Payload(target, how), "train_losses": [1.0] * 5}
    torch.save(content, tmp_path / "a.pt")
    torch.save(content, tmp_path / "b.pt", _use_new_zipfile_serialization=False)
    (tmp_path / "c.pt").write_bytes(pickle.dumps(content))
    arrays = {name: tensor.numpy() for name, tensor in model().items()}
    np.savez(tmp_path / "d.npz", **arrays, x=np.array([Payload(target, how)]))
    for name in ("a.pt", "b.pt", "c.pt"):
        assert_weights(take(tmp_path / name, tmp_path, name=name), 5, model())
    assert_weights(take(tmp_path / "d.npz", tmp_path, name="d", epoch=5), 5, model())
    assert not target.exists()


@pytest.mark.parametrize("how", HOWS)
def test_where_there_are_no_weights_the_class_is_named(how: str, tmp_path: Path) -> None:
    torch.save({"model": Payload(tmp_path / "touched", how)}, tmp_path / "epoch_1.pt")
    with pytest.raises(CorruptFileError, match="cannot be read as weights alone: it holds ") as error:
        take(tmp_path / "epoch_1.pt", tmp_path)
    assert str(error.value).isprintable() and "weights_only" not in str(error.value)
    assert not (tmp_path / "touched").exists()


def cut_and_flipped(content: bytes) -> list[bytes]:
    dice = random.Random(1)
    sizes = [0, 1, 2, 7, 8, 9, 30, 100, len(content) // 2, len(content) - 1]
    places = [dice.randrange(len(content)) for _ in range(60)] + list(range(0, min(400, len(content)), 9))
    flipped = [content[:at] + bytes([content[at] ^ (1 << dice.randrange(8))]) + content[at + 1 :] for at in places]
    return [content[:size] for size in sizes] + flipped


@pytest.mark.parametrize("how", FORMATS)
def test_damaged_files_give_one_line(how: str, tmp_path: Path) -> None:
    write(how, {"embed.W_E": torch.arange(6.0).reshape(2, 3), "b": torch.ones(2)}, tmp_path / "whole")
    for damaged in cut_and_flipped((tmp_path / "whole").read_bytes()):
        (tmp_path / "a").write_bytes(damaged)
        try:
            content = read_content(tmp_path / "a")
            for tensor in (fields(content) or {}).values():
                assert not isinstance(tensor, StoredTensor) or tensor.load().shape == tensor.shape
        except HeadlapseError as error:
            assert str(error).isprintable() and len(str(error)) < 600


def safetensors_of(header: dict[str, Any], data: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


LIES = {
    "header": struct.pack("<Q", 2**39) + b"{" + b" " * 100,
    "data": safetensors_of({"a": {"dtype": "F32", "shape": [2**20, 2**20], "data_offsets": [0, 2**42]}}, b"1234"),
    "shape": safetensors_of({"a": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 4]}}, b"1234"),
    "negative": safetensors_of({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, -4]}}, b"1234"),
    "no object": safetensors_of([1, 2]),  # type: ignore[arg-type]
    "deep": safetensors_of({}) and struct.pack("<Q", 200_001) + b"{" + b'"a":{' * 40_000,
}


def bomb(path: Path, name: str, size: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as found, found.open(name, "w", force_zip64=True) as entry:
        for _ in range(size // 2**20):
            entry.write(bytes(2**20))


def test_claims_are_not_believed(tmp_path: Path) -> None:
    for name, content in LIES.items():
        (tmp_path / f"{name}_1.safetensors").write_bytes(content)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"shape": (2**36,), "fortran_order": False, "descr": "<f8"})
    with zipfile.ZipFile(tmp_path / "claim_1.npz", "w") as found:
        found.writestr("embed.W_E.npy", header.getvalue() + b"12345678")
    bomb(tmp_path / "bomb_1.npz", "embed.W_E.npy", 2**30)
    bomb(tmp_path / "bomb_1.pt", "archive/data.pkl", 2**30)
    torch.save(torch.zeros(1).expand(2**30, 2**10), tmp_path / "expanded_1.pt")
    torch.save({"model": model(), "epoch": 1, "train_losses": torch.zeros(1).expand(2**36)}, tmp_path / "losses_1.pt")
    nested: list[Any] = []
    for _ in range(200):
        nested = [nested, nested]
    (tmp_path / "doubling_1.pkl").write_bytes(pickle.dumps(nested))
    tracemalloc.start()
    for path in sorted(tmp_path.glob("*_1.*")):
        with pytest.raises(HeadlapseError):
            take(path, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**28, f"{peak:,} bytes were taken"


def zip_of(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as found:
        found.writestr(name, b"weights")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"<!DOCTYPE html><html>", "is a web page"),
        (b"epoch,loss\n1,2\n", "is in no known format; known formats, whatever the ending: "),
        (b"\x89HDF\r\n", "HDF5"),
        (b"\x1f\x8b\x08\x00", "is an archive; unpack it"),
        (zip_of("run/epoch_1.pt"), "is an archive; unpack it"),
        (bytes(257) + b"ustar\x00" + bytes(300), "is an archive; unpack it"),
    ],
)
def test_files_that_are_no_weights(content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "epoch_1.pt").write_bytes(content)
    with pytest.raises(InvalidValueError, match=reason):
        take(tmp_path / "epoch_1.pt", tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "epoch_1.pt")
    with pytest.raises(CorruptFileError, match="is not a regular file"):
        take(tmp_path / "epoch_1.pt", tmp_path)


def test_what_safetensors_says_in_its_header(tmp_path: Path) -> None:
    metadata = {"epoch": "40", "format": "pt", "config": json.dumps({"weight_decay": 0.5}), "test_loss": "1.25"}
    save_file(model(), tmp_path / "a.safetensors", metadata=metadata)
    imported = take(tmp_path / "a.safetensors", tmp_path)
    assert imported.variant.epochs == [40]
    assert imported.variant.settings == {"prime": 11, "weight_decay": 0.5}
    assert imported.variant.record(40)["test_loss"] == 1.25


def test_what_an_npz_holds_beside_weights(tmp_path: Path) -> None:
    arrays = {name: tensor.numpy() for name, tensor in model().items()}
    np.savez(tmp_path / "a.npz", **arrays, epoch=40, test_losses=np.arange(41.0), train_losses=np.ones(41))
    imported = take(tmp_path / "a.npz", tmp_path)
    assert_weights(imported, 40, model())
    assert imported.variant.record(40)["test_loss"] == 40.0


def test_weights_of_several_types(tmp_path: Path) -> None:
    exact = {name: tensor.double() for name, tensor in model().items()}
    torch.save(exact, tmp_path / "epoch_1.pt")
    assert_weights(take(tmp_path / "epoch_1.pt", tmp_path), 1, model())
    rough = {name: tensor.bfloat16() for name, tensor in model().items()}
    torch.save(rough, tmp_path / "epoch_2.pt")
    assert_weights(take(tmp_path / "epoch_2.pt", tmp_path), 2, {name: tensor.float() for name, tensor in rough.items()})
