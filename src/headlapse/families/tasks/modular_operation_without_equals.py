"""Binary operations on numbers mod p without `=`: the answer is read where the model reads b."""

from __future__ import annotations

from typing import ClassVar

from headlapse.families.tasks import TaskRegistry
from headlapse.families.tasks.modular_operation import ModularOperation


class ModularOperationWithoutEquals(ModularOperation):
    """As `modular_operation`, on inputs [a, b]."""

    name: ClassVar[str] = "modular_operation_without_equals"
    has_equals: ClassVar[bool] = False


TaskRegistry.register(ModularOperationWithoutEquals())
