"""Read a pickle as data.

Its opcodes build lists, dictionaries, numbers and texts. Every class or function in it stays a name, so no code can run.

Source of the opcodes: Python's `pickletools`, protocols 0 to 5.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pickletools import genops  # nosec B403
from typing import Any

from headlapse.importing.reading.builders import build, call, new
from headlapse.importing.reading.standins import Name, StandIn
from headlapse.importing.words import listed

Persistent = Callable[[Any], Any]
CONSTANTS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_TUPLE": tuple,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_SET": list,
}
VALUES = listed(
    "INT LONG LONG1 LONG4 BININT BININT1 BININT2 FLOAT BINFLOAT STRING BINSTRING SHORT_BINSTRING UNICODE BINUNICODE "
    "SHORT_BINUNICODE BINUNICODE8 BINBYTES SHORT_BINBYTES BINBYTES8 BYTEARRAY8"
)
NOTHING = frozenset(("PROTO", "FRAME"))


class _Machine:
    """A stack, marks in it, and a memo. One method per opcode; `argument` is the data after the opcode in the file."""

    def __init__(self, persistent: Persistent) -> None:
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}
        self.persistent = persistent

    def run(self, stream: BytesIO) -> Any:
        for opcode, argument, _ in genops(stream):
            if opcode.name == "STOP":
                return self.stack.pop()
            if opcode.name in VALUES:
                self.stack.append(argument)
            elif opcode.name in CONSTANTS:
                self.stack.append(CONSTANTS[opcode.name]())
            elif opcode.name not in NOTHING:
                self._does(opcode.name)(argument)
        raise ValueError("it has no end")

    def _does(self, opcode: str) -> Callable[[Any], None]:
        method: Callable[[Any], None] | None = getattr(self, f"op_{opcode.lower()}", None)
        if method is None:
            raise ValueError(f"opcode {opcode} is not known")
        return method

    def _since_mark(self) -> list[Any]:
        start = self.marks.pop()
        items = self.stack[start:]
        del self.stack[start:]
        return items

    def _last(self, count: int) -> list[Any]:
        if count > len(self.stack):
            raise IndexError("it takes more than it holds")
        items = self.stack[-count:]
        del self.stack[-count:]
        return items

    def op_mark(self, _: Any) -> None:
        self.marks.append(len(self.stack))

    def op_pop(self, _: Any) -> None:
        if self.marks and self.marks[-1] == len(self.stack):
            self.marks.pop()
        else:
            self.stack.pop()

    def op_pop_mark(self, _: Any) -> None:
        self._since_mark()

    def op_dup(self, _: Any) -> None:
        self.stack.append(self.stack[-1])

    def op_put(self, index: int) -> None:
        self.memo[index] = self.stack[-1]

    op_binput = op_long_binput = op_put

    def op_memoize(self, _: Any) -> None:
        self.memo[len(self.memo)] = self.stack[-1]

    def op_get(self, index: int) -> None:
        self.stack.append(self.memo[index])

    op_binget = op_long_binget = op_get

    def op_tuple(self, _: Any) -> None:
        self.stack.append(tuple(self._since_mark()))

    def op_tuple1(self, _: Any) -> None:
        self.stack.append(tuple(self._last(1)))

    def op_tuple2(self, _: Any) -> None:
        self.stack.append(tuple(self._last(2)))

    def op_tuple3(self, _: Any) -> None:
        self.stack.append(tuple(self._last(3)))

    def op_list(self, _: Any) -> None:
        self.stack.append(self._since_mark())

    op_frozenset = op_list

    def op_dict(self, _: Any) -> None:
        items = self._since_mark()
        self.stack.append({})
        self._set(items)

    def op_append(self, _: Any) -> None:
        self._extend(self._last(1))

    def op_appends(self, _: Any) -> None:
        self._extend(self._since_mark())

    op_additems = op_appends

    def op_setitem(self, _: Any) -> None:
        self._set(self._last(2))

    def op_setitems(self, _: Any) -> None:
        self._set(self._since_mark())

    def _extend(self, items: Any) -> None:
        target = self.stack[-1]
        (target.items if isinstance(target, StandIn) else target).extend(items)

    def _set(self, items: Any) -> None:
        target = self.stack[-1]
        entries = target.entries if isinstance(target, StandIn) else target
        for key, value in zip(items[::2], items[1::2], strict=True):
            entries[key if isinstance(key, str | int | float | tuple) else str(key)] = value

    def op_stack_global(self, _: Any) -> None:
        self.stack.append(Name(*map(str, self._last(2))))

    def op_global(self, argument: str) -> None:
        self.stack.append(Name(*argument.split(" ", 1)))

    def op_reduce(self, _: Any) -> None:
        function, arguments = self._last(2)
        self.stack.append(call(function, tuple(arguments)))

    def op_newobj(self, _: Any) -> None:
        class_, arguments = self._last(2)
        self.stack.append(new(class_, tuple(arguments)))

    def op_newobj_ex(self, _: Any) -> None:
        class_, arguments, keywords = self._last(3)
        self.stack.append(new(class_, tuple(arguments)))
        self._build(keywords)

    def op_obj(self, _: Any) -> None:
        class_, *arguments = self._since_mark()
        self.stack.append(new(class_, tuple(arguments)))

    def op_inst(self, argument: str) -> None:
        self.stack.append(new(Name(*argument.split(" ", 1)), tuple(self._since_mark())))

    def op_build(self, _: Any) -> None:
        self._build(self._last(1)[0])

    def _build(self, state: Any) -> None:
        """Give the object on top its state; if this makes it another object, it is replaced everywhere."""
        before = self.stack[-1]
        after = build(before, state)
        if after is not before:
            self.stack[-1] = after
            self.memo = {index: after if value is before else value for index, value in self.memo.items()}

    def op_persid(self, argument: str) -> None:
        self.stack.append(self.persistent(argument))

    def op_binpersid(self, _: Any) -> None:
        self.stack.append(self.persistent(self._last(1)[0]))


def read_pickle(stream: BytesIO, persistent: Persistent) -> Any:
    """The first object in `stream`, which ends up behind it. `persistent` returns the object of a persistent id.

    Raises `ValueError`, `LookupError`, `TypeError`, `AttributeError` or `OverflowError` if it is not a complete pickle.
    """
    return _Machine(persistent).run(stream)
