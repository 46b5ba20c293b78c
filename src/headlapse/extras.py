"""Packages that only some uses need, and the extra of headlapse that installs each."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from headlapse.errors import HeadlapseError

EXTRAS = {
    "torch": "train",
    "transformer_lens": "lens",
    "anywidget": "notebook",
    "imageio_ffmpeg": "video",
    "kaleido": "vector",
    "ray": "ray",
    "lightning": "lightning",
    "transformers": "transformers",
}
PACKAGES = {"PIL": "pillow"}  # modules whose package has another name, apart from underscores


class MissingExtraError(HeadlapseError, ModuleNotFoundError):
    """A package is not installed; the message has the command that installs it, by its extra if it has one."""


def need(*modules: str, otherwise: str = "") -> None:
    """Raise `MissingExtraError` for the first of `modules` that is not installed; its message ends with `otherwise`."""
    for module in modules:
        if not is_installed(module):
            raise missing(module, otherwise)


def is_installed(module: str) -> bool:
    """Whether the package can be imported, without importing it."""
    if module in sys.modules:
        return sys.modules[module] is not None
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # raised by a foreign importer
        return False


def of(error: BaseException) -> MissingExtraError | None:
    """`error` as one that names the extra, if it says that a package of an extra is not installed."""
    if isinstance(error, MissingExtraError):
        return error
    if isinstance(error, ModuleNotFoundError) and str(error.name).partition(".")[0] in EXTRAS:
        return missing(str(error.name))
    return None


def missing(module: str, otherwise: str = "") -> MissingExtraError:
    """The error that says how to install `module`."""
    package = module.partition(".")[0]
    extra = EXTRAS.get(package)
    wanted = PACKAGES.get(package, package.replace("_", "-")) if extra is None else f"'headlapse[{extra}]'"
    line = f"{module} is not installed; install it with: {sys.executable} -m pip install {wanted}"
    return MissingExtraError(f"{line}; {otherwise}" if otherwise else line, name=module)
