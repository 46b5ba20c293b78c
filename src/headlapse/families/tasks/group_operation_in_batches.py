"""Products in a finite group, with a batch of the training pairs for each step."""

from __future__ import annotations

from typing import ClassVar

from headlapse.families.in_batches import InBatches
from headlapse.families.tasks import TaskRegistry
from headlapse.families.tasks.group_operation import GroupOperation


class GroupOperationInBatches(InBatches, GroupOperation):
    """As `group_operation`, in batches."""

    name: ClassVar[str] = "group_operation_in_batches"
    needs = ("batch_size", *GroupOperation.needs)


TaskRegistry.register(GroupOperationInBatches())
