"""What is fuzzed: every reader of bytes from outside, with the strict oracle that it returns or raises a typed error.

`python -m fuzz.targets artifact --seconds 60`; all of them by `make fuzz`. Any other exception, more than 2 s for one input or
more than 2 GB of memory stops the run and leaves the input in a file.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["headlapse", "zipfile", "numpy.lib", "json"]):
    import json
    import zipfile

    import numpy as np
    import numpy.lib.format

    from headlapse.errors import BrokenFamilyError, HeadlapseError
    from headlapse.families.catalogue import PACKAGED_DEFINITIONS
    from headlapse.families.spec import read_family_spec
    from headlapse.results.artifacts import Provenance, pack_artifact, read_artifact, read_part, read_provenance
    from headlapse.results.atomic import read_json, write_json
    from headlapse.results.checkpoints import pack_checkpoint, read_checkpoint
    from headlapse.results.headers import Identity, read_hash
    from headlapse.results.losses import append_losses, read_losses
    from headlapse.results.seals import Crc32, SealError, seal

LIBRARIES = (json, zipfile, np.lib.format)  # instrumented because they see the bytes first
IDENTITY = Identity("family", "variant", 100)
MEMORY = Path("/dev/shm")
FOLDER = Path(tempfile.mkdtemp(prefix="headlapse-fuzz-", dir=MEMORY if MEMORY.is_dir() else None))
FILE = FOLDER / "file"

Read = Callable[[], object]
READERS: dict[str, list[Read]] = {
    "artifact": [
        lambda: read_artifact(FILE, {"epoch": 100}),
        lambda: read_part(FILE, {"epoch": 100}, "patterns", 0),
        lambda: read_provenance(FILE),
    ],
    "checkpoint": [lambda: read_checkpoint(FILE, IDENTITY), lambda: read_hash(FILE, IDENTITY)],
    "family": [lambda: read_family_spec(FILE)],
    "json": [lambda: read_json(FILE, "remedy")],
    "losses": [lambda: read_losses(FILE)],
}


def resealed(name: str, content: bytes) -> bytearray:
    """Most inputs fail at the checksum; half of them are sealed again, so that what lies behind is fuzzed too."""
    place, kind = {
        "artifact": (len(content) - 10, Crc32),
        "checkpoint": (content.find(b'seal\\": \\"') + 10, hashlib.sha256),
        "json": (len(content) - 68, hashlib.sha256),
    }.get(name, (-1, Crc32))
    sealed = bytearray(content)
    if len(content) % 2:
        with suppress(SealError):
            seal(sealed, place, kind)
    return sealed


def seeds(name: str) -> list[bytes]:
    """Whole files of each kind, to begin from."""
    patterns = np.linspace(0, 1, 24, dtype=np.float32).reshape(2, 3, 4)
    write_json(FOLDER / "json", {"state": "trained", "epoch": 1, "train_losses": [1.5, None]})
    append_losses(FOLDER / "losses", 0, [1.0, 2.0], [3.0, 4.0])
    whole = {
        "artifact": pack_artifact({"patterns": patterns}, Provenance("family", "variant", 100, "a", 1, "0", "0")),
        "checkpoint": pack_checkpoint({"W": patterns}, IDENTITY)[0],
        "family": (PACKAGED_DEFINITIONS / "modulo_addition_1layer" / "family.json").read_bytes(),
        "json": (FOLDER / "json").read_bytes(),
        "losses": (FOLDER / "losses").read_bytes(),
    }[name]
    return [whole, whole[: len(whole) // 2], b""]


def check(name: str, content: bytes) -> None:
    """The oracle: a valid object or a typed error."""
    FILE.write_bytes(resealed(name, content))
    for read in READERS[name]:
        try:
            read()
        except (HeadlapseError, BrokenFamilyError) as error:
            assert str(error)


def main() -> None:
    name, options = sys.argv[1], sys.argv[2:]
    seconds = options[options.index("--seconds") + 1] if "--seconds" in options else "60"
    corpus = FOLDER / "corpus"
    corpus.mkdir()
    for number, content in enumerate(seeds(name)):
        (corpus / str(number)).write_bytes(content)
    limits = [f"-max_total_time={seconds}", "-timeout=2", "-rss_limit_mb=2048", "-max_len=8192", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], lambda content: check(name, content))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
