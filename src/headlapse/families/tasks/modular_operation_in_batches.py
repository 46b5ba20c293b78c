"""Binary operations on numbers mod p, with a batch of the training pairs for each step."""

from __future__ import annotations

from typing import ClassVar

from headlapse.families.in_batches import InBatches
from headlapse.families.tasks import TaskRegistry
from headlapse.families.tasks.modular_operation import ModularOperation


class ModularOperationInBatches(InBatches, ModularOperation):
    """As `modular_operation`, in batches."""

    name: ClassVar[str] = "modular_operation_in_batches"
    needs = ("batch_size", *ModularOperation.needs)


TaskRegistry.register(ModularOperationInBatches())
