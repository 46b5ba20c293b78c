"""Each key of the address: the page says what it shows instead of a value that is not there, and the address follows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import urlopen

import pytest

from tests.browsing import expect
from tests.dashboard.runs import make_variant

pytestmark = pytest.mark.browser

SOURCE = Path(__file__).parents[2] / "web" / "dashboard" / "address_keys.ts"
FAMILY = "modulo_addition_1layer"
RUN = f"{FAMILY}/{FAMILY}_p7"

# per page what is asked, what is said of it (nothing where it is one with the key before), and the address that follows
WRONG: dict[str, tuple[list[tuple[str, str, str]], str]] = {
    "/": (
        [
            ("variant", "nobody/nowhere", f"There is no variant nobody/nowhere. Shown: {FAMILY}/"),
            ("epoch", "1e3", "Epoch cannot be “1e3”. Shown: the newest epoch."),
            ("head", "-1", "Head cannot be “-1”. Shown: all heads."),
            ("view", "tails", "This run has no view “tails”. Shown: "),
            ("zoom", "everything", "“zoom” cannot be “everything”. Shown: the whole grid."),
            ("beside", "x", "“beside” cannot be “x”. Shown: None."),
            ("epochs", "", "“epochs” cannot be “”. Shown: a linear axis."),
            ("to", "9", "cannot be “9”. Shown: "),
            ("nowhere", "1", "No view of this run has a setting “nowhere”."),
        ],
        "variant=RUN",
    ),
    "/?": (
        [
            ("variant", RUN, ""),
            ("epoch", "90", "Epoch 90 has no checkpoint. Shown: epoch 100."),
            ("epoch", "100", "“epoch” is given 2 times. Used: “90”."),
            ("head", "7", "There is no head 7: this run has 4. Shown: all heads."),
            ("zoom", "3-99,0-3", "“zoom” cannot be “3-99,0-3”. Shown: 3-6,0-3."),
            ("from", "1", "“from” is given 2 times. Used: “1”."),
            ("from", "2", ""),
        ],
        "variant=RUN&epoch=100&zoom=3-6,0-3&from=1",
    ),
    "/compare": (
        [
            ("variant", RUN, ""),
            ("with", f"gone/run,{RUN}@20", "There is no variant gone/run to compare with. Shown: the others."),
            ("align", "x", "“align” cannot be “x”. Shown: Same epoch."),
            ("epoch", "70", "Epoch 70 has no checkpoint. Shown: epoch 100."),
            ("epochs", "cubic", "“epochs” cannot be “cubic”. Shown: a linear axis."),
            ("head", "4", "There is no head 4: this run has 4. Shown: all heads."),
            ("view", "tails", "This run has no view “tails”. Shown: "),
            ("zoom", "9-12,0-3", "“zoom” cannot be “9-12,0-3”. Shown: the whole grid."),
            ("to", "9", "cannot be “9”. Shown: "),
            ("", "", "Epoch 20 has no checkpoint. Shown: epoch 0."),
        ],
        "variant=RUN&epoch=100&with=RUN@0",
    ),
    "/runs": (
        [
            ("variant", RUN, ""),
            ("sort", "-colour", "“sort” cannot be “-colour”. Shown: runs in the order of their names."),
            ("filter", "zeal=3", "There is no column for “zeal=3”. The filter searches for these words."),
            ("plot_y", "run", "“plot_y” cannot be “run”. Shown: "),
            ("plot_x", "height", "“plot_x” cannot be “height”. Shown: seed."),
            ("plot_by", "width", "“plot_by” cannot be “width”. Shown: nothing."),
            ("wall", "off", "“wall” cannot be “off”. Shown: the table."),
            ("page", "compare", "There is no setting “page”."),
        ],
        "variant=RUN&filter=zeal=3",
    ),
    "/jobs": (
        [("variant", RUN, ""), ("view", "tails", ""), ("nowhere", "1", "There is no setting “nowhere”.")],
        "variant=RUN&view=tails",
    ),
    "/runs?": (
        [
            ("variant", RUN, ""),
            ("wall", "on", ""),
            ("view", "tails", "This run has no view “tails”. Shown: "),
            ("epoch", "33", "Epoch 33 has no checkpoint. Shown: epoch 0."),
            ("head", "4", "There is no head 4: this run has 4. Shown: all heads."),
            ("to", "9", "cannot be “9”. Shown: "),
            ("size", "9", "No view of this run has a setting “size”."),
        ],
        "variant=RUN&epoch=0&wall=on",
    ),
}


def test_every_key_is_tried() -> None:
    table = SOURCE.read_text().partition("export const KEYS")[2].partition("\n};")[0]
    keys = set(re.findall(r"^  (\w+): ", table, re.MULTILINE))
    assert len(keys) >= 15
    assert keys <= {key for asked, _ in WRONG.values() for key, _, said in asked if said}


def make_runs(results: Path) -> str:
    """Two runs; the identifier of the one that a page prefers."""
    runs = [make_variant(results, [0, 100], seed=seed) for seed in (1, 2)]
    return f"{FAMILY}/{runs[0].name}"


def test_the_page_says_what_it_shows_instead_and_the_address_follows(page: Any, serve: Any, tmp_path: Path) -> None:
    run = make_runs(tmp_path)
    address = serve(tmp_path)
    remark = page.locator("#remark")
    for path, (asked, follows) in WRONG.items():
        query = [(key, value.replace(RUN, run)) for key, value, _ in asked if key]
        page.goto(f"{address}{path.rstrip('?')}?{urlencode(query)}")
        if path in ("/runs", "/jobs"):
            expect(remark).not_to_contain_text("this run")
        for sentence in filter(None, (said for _, _, said in asked)):
            expect(remark).to_contain_text(sentence)
        wanted = parse_qsl(follows.replace("RUN", run))
        page.wait_for_function(
            "wanted => JSON.stringify([...new URLSearchParams(location.search)]) === wanted",
            arg=json.dumps([list(pair) for pair in wanted], separators=(",", ":")),
        )


def test_every_control_of_every_view_refuses_what_it_does_not_offer(page: Any, serve: Any, tmp_path: Path) -> None:
    run = make_runs(tmp_path)
    address = serve(tmp_path)
    with urlopen(f"{address}/data/variants/{run}") as answer:
        panels = [panel for panel in json.load(answer)["panels"] if not panel.get("problem")]
    assert len(panels) > 1
    for panel in panels:
        names = [control["name"] for control in panel["controls"]]
        page.goto(f"{address}/?{urlencode({'variant': run, 'view': panel['view'], **dict.fromkeys(names, 'no-such')})}")
        for control in panel["controls"]:
            expect(page.locator("#remark")).to_contain_text(f"{control['label']} cannot be “no-such”. Shown: ")
        page.wait_for_function("names => !names.some((name) => new URLSearchParams(location.search).has(name))", arg=names)
        assert urlsplit(page.url).path == "/"
