"""The results of a pickle's calls, for the few functions that return plain data. Any other call becomes a `StandIn`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from headlapse.importing.reading import arrays
from headlapse.importing.reading.standins import Name, StandIn
from headlapse.importing.reading.tensors import Storage

RENAMED = {"__builtin__": "builtins", "copy_reg": "copyreg", "UserDict": "collections"}


def call(function: Any, arguments: tuple[Any, ...]) -> Any:
    """The result that calling `function`, a name in a pickle, would have, without calling it."""
    if not isinstance(function, Name):
        return StandIn(Name("?", type(function).__name__), arguments)
    module = RENAMED.get(function.module, function.module).replace("numpy.core", "numpy._core")
    known = _BUILDERS.get(f"{module}.{function.name}")
    return StandIn(function, arguments) if known is None else known(*arguments)


def new(class_: Any, arguments: tuple[Any, ...]) -> Any:
    """An object of `class_` that the pickle creates without calling the class."""
    if isinstance(class_, Name) and f"{class_.module}.{class_.name}" in _BUILDERS:
        return call(class_, arguments)
    return StandIn(class_ if isinstance(class_, Name) else Name("?", type(class_).__name__), arguments)


def build(target: Any, state: Any) -> Any:
    """`target` with its pickled `state`."""
    match target:
        case arrays.PickledArray():
            return _array(arrays.from_state(state))
        case arrays.ArrayType():
            target.order = state[1]
        case StandIn():
            target.build(state)
    return target


def torch_type(name: Any) -> torch.dtype:
    """The type of numbers for a name in torch: a dtype, or an old storage class. Raises `ValueError`."""
    text = name.name if isinstance(name, Name) else str(name)
    found = getattr(torch, _STORAGES.get(text, text), None)
    if not isinstance(found, torch.dtype):
        raise ValueError(f"{text} is no known type of numbers")
    return found


def _tensor(storage: Any, offset: Any, shape: Any, stride: Any, *rest: Any) -> Any:
    if not isinstance(storage, Storage):
        return StandIn(Name("torch", "Tensor"))
    dtype = torch_type(rest[2]) if len(rest) > 2 and isinstance(rest[2], Name) else storage.dtype
    sizes, steps = (tuple(int(number) for number in numbers) for numbers in (shape, stride))
    found = storage.view(int(offset), sizes, steps, dtype)
    is_negated = any(isinstance(part, Mapping) and part.get("neg") for part in rest)  # as the imaginary part of a conjugate
    return found.negated() if is_negated else found


def _storage(content: Any) -> Storage:
    """The storage that a pickle contains as the bytes of a torch file."""
    from headlapse.importing.reading.formats.torch_legacy import read_storage

    return read_storage(bytes(content))


def _array(found: Any) -> Any:
    return StandIn(Name("numpy", "ndarray")) if found is None else found


def _same(value: Any, *_: Any) -> Any:
    return value


def _pairs(*arguments: Any) -> dict[Any, Any]:
    return dict(arguments[0]) if arguments and isinstance(arguments[0], Mapping | list) else {}


def _items(*arguments: Any) -> list[Any]:
    return list(arguments[0]) if arguments and isinstance(arguments[0], list | tuple) else []


def _attribute(owner: Any, name: Any, *_: Any) -> Any:
    return Name(str(owner), str(name))


def _encoded(text: Any, *_: Any) -> bytes:
    return text.encode("latin1") if isinstance(text, str) else bytes(text)


_STORAGES = {
    "DoubleStorage": "float64",
    "FloatStorage": "float32",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
    "UntypedStorage": "uint8",
    "BoolStorage": "bool",
    "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128",
}
_BUILDERS: dict[str, Callable[..., Any]] = {
    "builtins.set": _items,
    "builtins.frozenset": _items,
    "builtins.list": _items,
    "builtins.dict": _pairs,
    "builtins.range": range,
    "builtins.xrange": range,
    "builtins.bytearray": lambda *arguments: _encoded(*arguments) if arguments else b"",
    "builtins.getattr": _attribute,
    "collections.OrderedDict": _pairs,
    "collections.defaultdict": lambda *_: {},
    "collections.Counter": _pairs,
    "collections.deque": _items,
    "_codecs.encode": _encoded,
    "copyreg._reconstructor": lambda class_, *_: new(class_, ()),
    "copyreg.__newobj__": lambda class_, *arguments: new(class_, arguments),
    "copyreg.__newobj_ex__": lambda class_, arguments, _: new(class_, tuple(arguments)),
    "numpy.dtype": lambda code, *_: arrays.ArrayType(str(code)),
    "numpy._core.multiarray._reconstruct": lambda *_: arrays.PickledArray(),
    "numpy._core.multiarray.scalar": lambda kind, content=b"", *_: arrays.number(kind, content),
    "numpy._core.numeric._frombuffer": lambda content, kind, shape, order: _array(
        arrays.from_bytes(content, kind, tuple(shape), order == "F")
    ),
    "torch.Size": lambda *arguments: tuple(_items(*arguments)),
    "torch.device": lambda *arguments: ":".join(map(str, arguments)),
    "torch.storage._load_from_bytes": _storage,
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_tensor_v3": _tensor,
    "torch._utils._rebuild_parameter": _same,
    "torch._utils._rebuild_parameter_with_state": _same,
    "torch._tensor._rebuild_from_type_v2": lambda function, _, arguments, *__: call(function, tuple(arguments)),
}
