"""Objects for users: families, their variants, and a variant at one epoch."""

from typing import TYPE_CHECKING

from headlapse.lazy import exports

if TYPE_CHECKING:
    from headlapse.workbench.families import FamilyRegistry as FamilyRegistry
    from headlapse.workbench.family import ModelFamily as ModelFamily
    from headlapse.workbench.recorded import RecordedRun as RecordedRun
    from headlapse.workbench.snapshot import Snapshot as Snapshot
    from headlapse.workbench.snapshot import SnapshotView as SnapshotView
    from headlapse.workbench.variant import Variant as Variant

__all__, __getattr__ = exports(__name__)
