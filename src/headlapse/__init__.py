"""headlapse: watch attention heads form while a transformer learns.

    import headlapse
    family = headlapse.load_family("modulo_addition_1layer")
    variant = family.variant(prime=113, seed=999, data_seed=598)
    variant.train()
"""

from pathlib import Path

from headlapse.errors import HeadlapseError
from headlapse.families import FamilyRegistry, ModelFamily
from headlapse.results.variant import Variant, open_variant

__version__ = "0.1.0"


def load_family(name: str, *folders: str | Path) -> ModelFamily:
    """The family called `name`, from the packaged definitions, `folders` or `HEADLAPSE_FAMILIES`.

    Raises `UnknownNameError` listing the known families, or `BrokenFamilyError` with the reason.
    """
    return FamilyRegistry(*folders).get(name)


def list_families(*folders: str | Path) -> list[str]:
    """Names of the usable families."""
    return FamilyRegistry(*folders).names()


def load_variant(folder: str | Path, *family_folders: str | Path) -> Variant:
    """The variant in a results folder, e.g. `results/modulo_addition_1layer/modulo_addition_1layer_p113_seed999_dseed598`."""
    folder = Path(folder)
    return open_variant(folder, load_family(folder.parent.name, *family_folders))


__all__ = ["FamilyRegistry", "HeadlapseError", "ModelFamily", "Variant", "list_families", "load_family", "load_variant"]
