from __future__ import annotations

import pytest

from headlapse.analysis import AnalysisContext
from headlapse.families.axes import Axis


def test_the_context_reads_like_a_mapping() -> None:
    context = AnalysisContext("family", "variant", 100, {"prime": 7}, ("a", "b", "="), (Axis("a", 7), Axis("b", 7)))
    assert context["epoch"] == context.epoch == 100
    assert dict(context)["settings"] == {"prime": 7}
    assert "epoch" in context and "keys" not in context and len(context) == len(dict(context)) == 11
    assert context.get("nothing") is None
    with pytest.raises(KeyError):
        context["nothing"]
