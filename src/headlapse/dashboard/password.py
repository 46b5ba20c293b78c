"""The password of a launch."""

from __future__ import annotations

from headlapse import checks
from headlapse.errors import InvalidValueError

VARIABLE = "HEADLAPSE_TOKEN"  # the list of processes shows command lines


def check_password(password: str | None) -> None:
    """Raise `InvalidValueError` for an empty password, which would keep nobody out."""
    given = checks.optional(checks.text, "the password of --token", password)
    if given is not None and not given.strip():
        raise InvalidValueError(f"the password of --token, or of {VARIABLE}, is empty; give one, or leave it out")
