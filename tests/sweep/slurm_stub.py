"""Stands in for `sbatch`, `srun` and `scontrol`: jobs of an array are processes, one after another; requeued ones run again.

It is called under these names. `STUB_STOP` is the number of the job whose step gets SIGTERM, once, when the file
`STUB_WHEN` names is there.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path


def sbatch(script: Path) -> int:
    text = script.read_text()
    directives = dict(re.findall(r"^#SBATCH --([a-z-]+)=(.*)$", text, re.MULTILINE))
    assert "#SBATCH --requeue" in text and directives["signal"].startswith("TERM@")
    requeued = Path(os.environ["STUB_FOLDER"]) / "requeued"
    waiting = _numbers(directives["array"].partition("%")[0])
    while waiting:
        number = waiting.pop(0)
        place = {"SLURM_ARRAY_TASK_ID": str(number), "SLURM_ARRAY_JOB_ID": "7"}
        with Path(directives["output"].strip("'").replace("%a", str(number))).open("a") as log:
            code = subprocess.run(["bash", str(script)], env={**os.environ, **place}, stdout=log, stderr=log, check=False)
        if requeued.exists():
            waiting.append(int(requeued.read_text().partition("_")[2]))
            requeued.unlink()
        else:
            assert code.returncode == 0, f"job {number} ended with {code.returncode}"
    print("Submitted batch job 7")  # noqa: T201 -- as sbatch does
    return 0


def srun(arguments: list[str]) -> int:
    command = [argument for argument in arguments if not argument.startswith("--cpus-per-task")]
    step = subprocess.Popen(command)
    stops, when = os.environ.get("STUB_STOP"), os.environ.get("STUB_WHEN", "")
    stopped = Path(os.environ["STUB_FOLDER"]) / "stopped"
    while step.poll() is None:
        if stops == os.environ["SLURM_ARRAY_TASK_ID"] and not stopped.exists() and list(Path("/").glob(when.lstrip("/"))):
            stopped.touch()
            step.send_signal(signal.SIGTERM)
        time.sleep(0.05)
    return step.returncode


def scontrol(arguments: list[str]) -> int:
    assert arguments[0] == "requeue"
    (Path(os.environ["STUB_FOLDER"]) / "requeued").write_text(arguments[1])
    return 0


def _numbers(text: str) -> list[int]:
    ranges = [[int(end) for end in part.split("-")] for part in text.split(",")]
    return [number for ends in ranges for number in range(ends[0], ends[-1] + 1)]


if __name__ == "__main__":
    name, *rest = Path(sys.argv[0]).name, *sys.argv[1:]
    sys.exit(sbatch(Path(rest[0])) if name == "sbatch" else srun(rest) if name == "srun" else scontrol(rest))
