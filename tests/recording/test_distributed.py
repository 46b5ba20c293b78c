"""Two real processes that train one model together: one of them records, and the training is as without it."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.distributed as dist
from torch import nn
from torch.multiprocessing.spawn import spawn

import headlapse
from headlapse.errors import InvalidValueError
from tests.recording.loops import opened, patterns_of, train
from tests.recording.models import transformer

PROCESSES, STEPS = 2, 12
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="gloo on the loopback interface is tried on Linux")


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def train_twice(rank: int, folder: Path) -> None:
    """Without and with a recording; each process has its own batches and dropout."""
    found: list[dict[str, Any]] = []
    for is_recorded in (False, True):
        kind = transformer("function")
        model = nn.parallel.DistributedDataParallel(kind.model)
        recorder = headlapse.record(model, "ours", kind.probe, results=folder, schedule=5) if is_recorded else None
        torch.manual_seed(rank)
        losses = train(model, range(STEPS), recorder)
        if recorder is not None:
            recorder.finish()
        found.append({"losses": losses, **{name: tensor.clone() for name, tensor in kind.model.state_dict().items()}})
        patterns = patterns_of(kind.model, kind.probe)
    torch.save({"plain": found[0], "recorded": found[1], "patterns": torch.from_numpy(patterns)}, folder / f"{rank}.pt")


def record_sharded(folder: Path) -> None:
    from torch.distributed.fsdp import fully_shard

    kind = transformer("function")
    fully_shard(kind.model)
    with pytest.raises(InvalidValueError, match="parameters are sharded over processes"):
        headlapse.record(kind.model, "sharded", kind.probe, results=folder)


def work(rank: int, port: int, folder: Path) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", f"tcp://127.0.0.1:{port}", rank=rank, world_size=PROCESSES)
    train_twice(rank, folder)
    record_sharded(folder)
    dist.destroy_process_group()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two processes left that trained together, and then were refused a sharded model."""
    folder = tmp_path_factory.mktemp("distributed")
    spawn(work, (free_port(), folder), nprocs=PROCESSES)
    return folder


def test_the_training_is_bit_for_bit_the_same(folder: Path) -> None:
    ranks = [torch.load(folder / f"{rank}.pt") for rank in range(PROCESSES)]
    for found in ranks:
        plain, recorded = found["plain"], found["recorded"]
        assert [loss.hex() for loss in plain["losses"]] == [loss.hex() for loss in recorded["losses"]]
        assert all(torch.equal(plain[name], recorded[name]) for name in plain.keys() - {"losses"})
    first, second = (found["recorded"] for found in ranks)
    assert first["losses"] != second["losses"]
    assert all(torch.equal(first[name], second[name]) for name in first.keys() - {"losses"})


def test_the_first_process_records(folder: Path) -> None:
    run = opened(folder, "ours")
    assert run.epochs == [0, 5, 10, STEPS] and run.state == "analysed"
    np.testing.assert_allclose(run.patterns(STEPS), torch.load(folder / "0.pt")["patterns"].numpy(), atol=1e-6)
    assert run.losses.train[:STEPS].tolist() == torch.load(folder / "0.pt")["recorded"]["losses"]


def test_a_model_sharded_over_processes_is_refused(folder: Path) -> None:
    assert [path.name for path in (folder / "recorded").iterdir()] == ["ours"]
