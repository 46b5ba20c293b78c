"""A file that would take gigabytes is refused by every reader within 300 MB above what the process took before."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from headlapse.results.artifacts import write_artifact
from headlapse.workbench import Variant
from tests.results.bombs import BOMBS, bomb, sparse

LIMIT_MB = 300
NAME, EPOCH = "attention_patterns", 20
SCRIPT = """
import json, resource, sys, warnings
import numpy as np
import headlapse
from headlapse.analysis.pipeline import AnalysisPipeline, AnalysisRunConfig
from headlapse.dashboard.app import create_app
from headlapse.errors import FileStateError
from headlapse.export import draw_view
from headlapse.results.integrity import inspect
from headlapse.results.loader import ArtifactLoader
from headlapse.training.repair import repair

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

def refused(read):
    try:
        read()
    except FileStateError as error:
        return str(error)
    return "nothing was wrong"

results, readers = json.loads(sys.argv[1])
warnings.simplefilter("ignore")
family = headlapse.load_family("modulo_addition_1layer")
variant = family.variant(prime=7, train_fraction=0.6, results=results)
name, epoch = "attention_patterns", 20
address = f"{family.name}/{variant.name}"
client = create_app(variant.results).server.test_client()
draw_view(variant, ".gif", epochs=[0, 40])
AnalysisPipeline(variant, AnalysisRunConfig(checkpoints=[0], force=True)).run()
variant.at(0).view().figure()
query = "view=attention_heads_grid&to=2&from=0"
client.get(f"/data/frames/{address}?{query}&epochs=0")
idle, told = peak(), {}
for reader, code in readers.items():
    said = str(eval(code))
    told[reader] = [peak() - idle, said]
print(json.dumps(told))
"""
Told = dict[str, tuple[int, str]]
READERS = {  # of the artifact of epoch 20; the one that makes it again comes last
    "load_epoch": "refused(lambda: variant.artifacts.load_epoch(name, epoch))",
    "load_part": "refused(lambda: variant.artifacts.load_part(name, epoch, 'patterns', np.s_[:, 2, 0]))",
    "load_epochs": "refused(lambda: variant.artifacts.load_epochs(name, [0, epoch]))",
    "a loader of the folder": "refused(lambda: ArtifactLoader(variant.artifacts_dir).load_epoch(name, epoch))",
    "the page's frames": "client.get(f'/data/frames/{address}?{query}&epochs=0,20').data.decode(errors='replace')",
    "the page": "client.get(f'/data/variants/{address}').text",
    "the page's export": "client.get(f'/export/{address}?ending=.png&view=attention_heads_grid&epoch=20').text",
    "a notebook": "refused(lambda: variant.at(epoch).view().figure())",
    "the widget": "headlapse.scrub(variant).moments",
    "png": "refused(lambda: draw_view(variant, '.png', epochs=epoch))",
    "gif": "draw_view(variant, '.gif').name",
    "html": "draw_view(variant, '.html').name",
    "check": "' '.join(map(str, inspect(variant)))",
    "analyze": "AnalysisPipeline(variant).run()",
}
WORDS = {
    "the page": NAME,
    "the widget": "[60, ",
    "gif": "e0-60",
    "html": "e0-60",
    "analyze": "2 computed, 12 up to date, 0 failed",
}


def measured(readers: Mapping[str, str], results: Path) -> Told:
    """What each reader said, and by how many MB the process had grown then."""
    command = [sys.executable, "-c", SCRIPT, json.dumps([str(results), dict(readers)])]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stderr
    return {reader: (grown, said) for reader, (grown, said) in json.loads(done.stdout).items()}


Copy = Callable[[], Variant]


@pytest.fixture(scope="module")
def copy(trained: Variant, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    def make() -> Variant:
        results = tmp_path_factory.mktemp("bombs") / "results"
        shutil.copytree(trained.results, results)
        return Variant(trained.family, trained.settings, results)

    return make


@pytest.fixture(scope="module", params=BOMBS)
def told(request: pytest.FixtureRequest, copy: Copy) -> Told:
    """What readers say of a small artifact that inflates to two gigabytes."""
    variant = copy()
    path = variant.artifacts.paths.file(NAME, EPOCH)
    path.write_bytes(BOMBS[request.param]())
    assert path.stat().st_size < 3_000_000
    return measured(READERS, variant.results)


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_refuses_it_within_the_limit(reader: str, told: Told) -> None:
    grown, said = told[reader]
    assert grown < LIMIT_MB, said
    assert WORDS.get(reader, "epoch_00020.npz: ") in said
    if said.startswith("/"):
        assert "run `headlapse analyze`" in said


OTHERS = {
    "known origin": READERS["load_epoch"],
    "a part of known origin": READERS["load_part"],
    "of what is undeclared": "refused(lambda: variant.artifacts.load_epoch('unheard_of', epoch))",
    "a large artifact": "refused(lambda: variant.artifacts.load_epoch(name, 40))",
    "checkpoint": "refused(lambda: variant.checkpoint(60))",
    "training state": "refused(lambda: variant.training_state)",
    "status": "refused(lambda: variant.status)",
    "metadata": "refused(lambda: variant.metadata)",
    "losses": "len(variant.losses)",
    "check": "' '.join(map(str, inspect(variant)))",
    "repair": "[repair(variant), len(variant.losses), ' '.join(map(str, inspect(variant)))]",
}
MOST = "holds 4,294,967,296 bytes, more than the "
OTHER_WORDS = {
    "known origin": "would take 1,296,000,128 bytes of memory, more than the 134,217,728 it may",
    "a part of known origin": "would take 1,296,000,128 bytes of memory, more than the 134,217,728 it may",
    "of what is undeclared": "would take 2,147,483,776 bytes of memory, far more than the",
    "losses": "60",
    "check": "checkpoint_epoch_00060",
    "repair": "[None, 60, ",
}


@pytest.fixture(scope="module")
def told_of_others(copy: Copy) -> Told:
    """What is said of other files that are too large, most of them without content beyond their own."""
    variant = copy()
    paths, made = variant.paths, variant.artifacts.provenance(NAME, EPOCH)
    assert made is not None
    write_artifact(paths.artifacts.file(NAME, EPOCH), {"patterns": np.zeros((4, 3, 3, 3000, 3000), np.float32)}, made)
    undeclared = paths.artifacts.file("unheard_of", EPOCH)
    undeclared.parent.mkdir()
    undeclared.write_bytes(bomb((2**29,)))
    large = (paths.artifacts.file(NAME, 40), paths.checkpoint(60), paths.training_state, paths.status, paths.metadata)
    for path in large:
        sparse(path, path.read_bytes(), size=2**32)
    sparse(paths.losses, paths.losses.read_bytes(), size=2**29)
    return measured(OTHERS, variant.results)


@pytest.mark.parametrize("what", OTHERS)
def test_a_file_larger_than_it_can_be_is_not_read(what: str, told_of_others: Told) -> None:
    grown, said = told_of_others[what]
    assert grown < LIMIT_MB, said
    assert OTHER_WORDS.get(what, MOST) in said
    if what == "repair":
        assert "attention_patterns" not in said, "artifacts are made again"


def test_damaged_losses_are_told_of_without_reading_them_all_at_once(copy: Copy) -> None:
    variant = copy()
    sparse(variant.paths.losses, size=2**29)
    readers = {"read": "refused(lambda: variant.losses)", "repair": OTHERS["repair"]}
    told = measured(readers, variant.results)
    assert "the losses from epoch 0 on are damaged" in told["read"][1] and told["repair"][1].startswith("[None, 60, ")
    assert max(grown for grown, _ in told.values()) < LIMIT_MB
