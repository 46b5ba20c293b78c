"""300 examples, the same ones every time; `HYPOTHESIS_PROFILE=nightly` tries more, and others each time."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
settings.register_profile("ci", max_examples=300, derandomize=True, deadline=None, database=None, suppress_health_check=CHECKS)
settings.register_profile("nightly", max_examples=5_000, deadline=None, suppress_health_check=CHECKS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
