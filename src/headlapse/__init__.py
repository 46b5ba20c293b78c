"""headlapse: watch attention heads form while a transformer learns.

    import headlapse
    family = headlapse.load_family("modulo_addition_1layer")
    variant = family.variant(prime=113, seed=999, data_seed=598)
    variant.train()

Importing this package is cheap: each function imports what it needs when it is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from headlapse.errors import HeadlapseError

if TYPE_CHECKING:
    from headlapse.families import ModelFamily
    from headlapse.results import Variant

__version__ = "0.1.0"


def load_family(name: str, *folders: str | Path) -> ModelFamily:
    """The family called `name`, from the packaged definitions, `folders` or `HEADLAPSE_FAMILIES`.

    Raises `UnknownNameError` listing the known families, or `BrokenFamilyError` with the reason.
    """
    from headlapse.families import FamilyRegistry

    return FamilyRegistry(*folders).get(name)


def list_families(*folders: str | Path) -> list[str]:
    """Names of the usable families."""
    from headlapse.families import FamilyRegistry

    return FamilyRegistry(*folders).names()


def load_variant(folder: str | Path, *family_folders: str | Path) -> Variant:
    """The variant in a results folder such as `results/modulo_addition_1layer/modulo_addition_1layer_p113_seed999_dseed598`."""
    from headlapse.results.variant import open_variant

    folder = Path(folder).absolute()
    return open_variant(folder, load_family(folder.parent.name, *family_folders))


__all__ = ["HeadlapseError", "list_families", "load_family", "load_variant"]
