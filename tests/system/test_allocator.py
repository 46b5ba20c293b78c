import platform
import subprocess
import sys

import pytest

READ = """
import resource, sys
from pathlib import Path
import numpy as np
from headlapse.results.artifacts import Provenance, read_artifact, write_artifact
path = Path(sys.argv[1])
made_from = Provenance("family", "variant", 0, "analyzer", 1, "0" * 64, "0" * 64)
write_artifact(path, {"patterns": np.random.default_rng(0).random((4, 3, 3, 113, 113), np.float32)}, made_from)
read_artifact(path, {})
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    read_artifact(path, {})
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told to keep memory")
def test_reading_again_and_again_takes_no_fresh_memory(tmp_path):
    """Of 1.8 MB that are read 20 times, a process that hands them back takes some 20,000 pages anew."""
    run = subprocess.run([sys.executable, "-c", READ, str(tmp_path / "a.npz")], check=True, capture_output=True, text=True)
    assert int(run.stdout) < 2_000
