"""The password of a launch."""

from __future__ import annotations

from headlapse.errors import InvalidValueError

VARIABLE = "HEADLAPSE_TOKEN"  # the list of processes shows what stands on a command line


def check_password(password: str | None) -> None:
    """Raise `InvalidValueError` for a password that is there and empty: it would keep nobody out."""
    if password is not None and not password.strip():
        raise InvalidValueError(f"the password of --token, or of {VARIABLE}, is empty; give one, or leave it out")
