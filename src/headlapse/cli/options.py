"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headlapse import checks
from headlapse.errors import HeadlapseError, InvalidValueError, in_one_line
from headlapse.system.cpus import MOST_THREADS

if TYPE_CHECKING:
    from headlapse.families.spec import Setting
    from headlapse.results.discovery import BrokenVariant, Listing
    from headlapse.results.run import Run
    from headlapse.workbench import FamilyRegistry, ModelFamily


def typed_path(text: str) -> Path:
    """A path as it is typed. Raises `typer.BadParameter` for an empty one, which would mean the current folder."""
    try:
        return checks.path("it", text)
    except InvalidValueError as error:
        raise typer.BadParameter(str(error)) from error


WholeOption = partial(typer.Option, metavar="INTEGER")  # for texts that a family parses
NumberOption = partial(typer.Option, metavar="NUMBER")
Results = Annotated[
    Path, typer.Option("--results", parser=typed_path, metavar="PATH", help="Results folder.", show_default="./results")
]
Families = Annotated[
    list[Path] | None,
    typer.Option(
        "--families",
        parser=typed_path,
        metavar="PATH",
        help="Folder with more families; may be repeated. Also HEADLAPSE_FAMILIES.",
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=MOST_THREADS,
        help="Threads for training; they change the last digits of the results.",
        show_default="that of the run so far, or one per CPU with enough work",
    ),
]
DEFAULT_RESULTS = Path("results")


def registry(folders: list[Path] | None) -> FamilyRegistry:
    """All families, those in `folders` included."""
    from headlapse.workbench import FamilyRegistry

    return FamilyRegistry(*(folders or ()))


def listing(results: Path, folders: list[Path] | None) -> Listing:
    """The variants in `results`."""
    from headlapse.results.discovery import discover

    return discover(results, registry(folders).get)


def runs_named(names: Iterable[str], found: Listing, folders: list[Path] | None) -> list[Run]:
    """The runs called `names` among those `found`; a name may also be the path of a run's folder."""
    from headlapse.results.discovery import open_run
    from headlapse.results.paths import is_variant

    def run_named(name: str) -> Run:
        folder = Path(name)
        is_path = os.sep in name or "/" in name
        return open_run(folder.absolute(), registry(folders).get) if is_path and is_variant(folder) else found.get(name)

    return [run_named(name) for name in names]


def check_any(found: Listing, results: Path) -> None:
    """Raise `HeadlapseError` if no variant in `results` can be opened, and `InvalidValueError` if there is no such folder."""
    from headlapse.results.discovery import TRAIN_OR_NAME_ANOTHER

    if found.variants:
        return
    if not results.exists():
        raise InvalidValueError(f"{results} does not exist, so it holds no variant; {TRAIN_OR_NAME_ANOTHER}")
    if found.broken:
        raise HeadlapseError(f"{results} holds no variant that can be opened; headlapse list says why")
    raise HeadlapseError(f"{results} holds no variant; {TRAIN_OR_NAME_ANOTHER}")


def say_broken(broken: Iterable[BrokenVariant]) -> None:
    """Print a line for each folder that should hold a variant and cannot be opened."""
    for folder in broken:
        typer.echo(f"{in_one_line(folder.folder.name)}: {folder.reason}", err=True)


def given_texts(options: Mapping[str, str | None], pairs: Iterable[str] | None) -> dict[str, str]:
    """Values given by their own option or by `--set NAME=VALUE`, by name; absent options are left out.

    Raises `InvalidValueError` for a name that is given both ways.
    """
    own, others = {name: text for name, text in options.items() if text is not None}, pairs_by_name("--set", pairs)
    for name in own.keys() & others.keys():
        raise InvalidValueError(f"{name} is given both by its own option and by --set; give it once")
    return own | others


def pairs_by_name(option: str, pairs: Iterable[str] | None) -> dict[str, str]:
    """Texts given as `NAME=VALUE` to `option`. Raises `InvalidValueError` for anything else, and for a name given twice."""
    given: dict[str, str] = {}
    for pair in pairs or ():
        name, equals, text = pair.partition("=")
        if not equals:
            raise InvalidValueError(f"{option} takes NAME=VALUE, got {checks.shown(pair)}")
        if name in given:
            raise InvalidValueError(f"{option} {name} is given twice; give it once")
        given[name] = text
    return given


def parse_settings(family: ModelFamily, given: Mapping[str, str]) -> dict[str, Setting]:
    """Values given as text, converted and checked by the family."""
    unknown = [name for name in given if name not in family.settings]
    if unknown:
        raise InvalidValueError(f"{family.name} has no setting {checks.shown(unknown[0])}; it has {', '.join(family.settings)}")
    return {name: family.settings[name].parse(name, text) for name, text in given.items()}
