"""What tests of sweeps share: a family whose runs take a second, the command, and the bytes that must not differ."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import headlapse
from headlapse.families.spec import parse_family_spec
from headlapse.storage.atomic import read_json
from headlapse.workbench import ModelFamily

SMALL = {"n_heads": 2, "d_model": 16, "d_head": 8, "d_mlp": 32}
SETTINGS: dict[str, Any] = {"prime": 7, "train_fraction": 0.6}


def write_family(folder: Path) -> Path:
    """A folder of families with `tiny`, the packaged family made small."""
    content = json.loads(headlapse.load_family("modulo_addition_1layer").path.read_text())
    content |= {"name": "tiny", "architecture": content["architecture"] | SMALL}
    path = folder / "tiny" / "family.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))
    return folder


def tiny(folder: Path) -> ModelFamily:
    path = write_family(folder) / "tiny" / "family.json"
    return ModelFamily(parse_family_spec(json.loads(path.read_text()), path), path)


def command(families: Path, results: Path, *arguments: str, epochs: int = 60, every: int = 20) -> list[str]:
    """The command that sweeps `tiny`; `arguments` name the grid."""
    same = {**SETTINGS, "epochs": epochs, "checkpoint_every": every}
    fixed = [part for name, value in same.items() for part in ("--set", f"{name}={value}")]
    start = [sys.executable, "-P", "-m", "headlapse", "sweep", "tiny", "--families", str(families)]
    return [*start, "--results", str(results), *fixed, *arguments]


def swept(families: Path, results: Path, *arguments: str, **more: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(families, results, *arguments, **more), capture_output=True, text=True, check=False)


def content(results: Path) -> Mapping[str, bytes]:
    """The bytes of every checkpoint, artifact, training state and journal, by path."""
    patterns = ("checkpoints/*", "artifacts/*/*", "losses.f64", "scalars/*", "training_state.safetensors")
    files = [file for pattern in patterns for file in results.glob(f"tiny/*/{pattern}")]
    return {str(file.relative_to(results)): file.read_bytes() for file in sorted(files)}


def owner_pid(results: Path, seed: int) -> int | None:
    """The process that trains the run with this seed now; None where none does."""
    notes = list(results.glob(f"tiny/*_seed{seed}_*/.lock.owner.json"))
    try:
        return int(read_json(notes[0], "")["pid"]) if notes else None
    except headlapse.HeadlapseError:
        return None


def epoch_of(results: Path, seed: int) -> int:
    """The epoch that the run with this seed states."""
    found = list(results.glob(f"tiny/*_seed{seed}_*/status.json"))
    try:
        return int(read_json(found[0], "").get("epoch", 0)) if found else 0
    except headlapse.HeadlapseError:
        return 0
