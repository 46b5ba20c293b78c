"""The version of headlapse. It comes from git tags when a wheel, an sdist or an editable install is built."""

from importlib.metadata import PackageNotFoundError, version

UNKNOWN = "0.0"


def installed_version() -> str:
    """The version of the installed package, e.g. "0.1.0"; `UNKNOWN` for sources that are used without an installation."""
    try:
        return version("headlapse")
    except PackageNotFoundError:
        return UNKNOWN
