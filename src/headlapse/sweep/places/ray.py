"""On a Ray cluster: plain tasks, one per run. If its worker or node dies, a task continues elsewhere from its training state.

Without a token, Ray runs any code from anybody who can reach it, and it listens on all addresses even if told otherwise. Token
authentication is therefore required, and the dashboard and usage statistics stay off.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from headlapse import checks
from headlapse.errors import HeadlapseError, InvalidValueError, counted
from headlapse.extras import need
from headlapse.results.paths import seen_by_all
from headlapse.storage.atomic import remove, write_bytes
from headlapse.sweep.driver import Tally
from headlapse.sweep.order import Order, Outcome
from headlapse.sweep.places import PlaceRegistry
from headlapse.sweep.recipe import Recipe
from headlapse.sweep.work import Work
from headlapse.system.cpus import usable_cpus

MODE, TOKEN, TOKEN_FILE = "RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"
USUAL_TOKEN_FILE = Path(".ray") / "auth_token"  # in the home folder
MOST_RETRIES = 3  # of a run in a row; then the sweep decides by the epochs that it gained
SECONDS_TO_ANSWER = 60.0


class Ray:
    """An existing cluster, or one on this machine for the duration of the sweep."""

    name: ClassVar[str] = "ray"
    options: ClassVar[Mapping[str, str]] = {
        "address": "HOST:PORT of the head of a cluster; without it one is started on this machine",
        "gpus": "GPUs of each run, also a fraction, with --set device=cuda",
    }

    def check(self, given: Mapping[str, str], recipe: Recipe, threads: int | None) -> None:  # noqa: ARG002 -- nodes have any number
        _gpus(given, recipe)

    def cpus(self) -> int:
        """Nothing is known about the cluster yet; the grid is assumed to have more runs than the cluster has CPUs."""
        return 1

    def at_once(self, threads: int, memory: int, device: str) -> None:  # noqa: ARG002 -- the cluster decides
        return None

    def run(self, work: Work) -> Tally:
        gpus = _gpus(work.given, work.plan.recipe)
        with _connected(work.given.get("address")):
            nodes = _checked_nodes(work.plan.results)
            tasks = Tasks(work.sums.threads, gpus, work.estimate.memory)
            work.board.note(f"Ray: {counted(nodes, 'node')}, {counted(tasks.slots, 'run')} at a time")
            return work.drive(tasks)


class Tasks:
    """Runs as tasks of the cluster, as many at once as its CPUs allow."""

    def __init__(self, threads: int, gpus: float, memory: int) -> None:
        import ray

        self._threads = threads
        needs = {"num_cpus": threads, "num_gpus": gpus, "memory": memory}
        self._task = ray.remote(max_retries=MOST_RETRIES, max_calls=1, **needs)(fulfil_order)
        self._started: dict[str, Any] = {}

    @property
    def slots(self) -> int:
        """Computed anew each time, because nodes may come and go."""
        import ray

        return max(1, int(ray.cluster_resources().get("CPU", 0)) // self._threads)

    def start(self, order: Order) -> str:
        reference = self._task.remote(order.to_json())
        self._started[reference.hex()] = reference
        return str(reference.hex())

    def ended(self, seconds: float) -> Iterator[tuple[str, Outcome]]:
        import ray

        if not self._started:
            return
        ready, _ = ray.wait(list(self._started.values()), num_returns=1, timeout=seconds)
        for reference in ready:
            del self._started[reference.hex()]
            yield reference.hex(), _outcome(reference)

    def stop(self) -> None:
        """Stop like Ctrl-C: active runs finish their epoch and save; waiting ones do not begin."""
        import ray

        for reference in self._started.values():
            ray.cancel(reference, force=False)


def fulfil_order(order: Mapping[str, Any]) -> dict[str, Any]:
    """The task of a run, in a worker."""
    from headlapse.sweep.worker import fulfil

    return asdict(fulfil(Order(**order)))


def _outcome(reference: Any) -> Outcome:
    import ray

    try:
        return Outcome(**ray.get(reference))
    except ray.exceptions.TaskCancelledError:
        return Outcome("cancelled")
    except ray.exceptions.RayTaskError as error:
        return Outcome("failed", str(error.cause))
    except ray.exceptions.RayError as error:
        return Outcome("died", f"Ray lost it: {str(error).splitlines()[0]}")


@contextmanager
def _connected(address: str | None) -> Iterator[None]:
    """Within the block, this process drives a cluster. Raises `HeadlapseError` if it cannot connect to one or start one."""
    _require_token(address)
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray = _ray()
    quiet = {"log_to_driver": False, "logging_level": "error", "include_dashboard": False}
    here = {"num_cpus": usable_cpus(), "_node_ip_address": "127.0.0.1", **quiet}
    try:
        if address is None:
            ray.init("local", **here)
        else:
            ray.init(address, log_to_driver=False, logging_level="error")
    except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        where = "on this machine" if address is None else f"at {address}"
        raise HeadlapseError(f"Ray is not available {where}: {str(error).strip().splitlines()[0]}") from error
    try:
        yield
    finally:
        ray.shutdown()


def _require_token(address: str | None) -> None:
    """Switch token authentication on. A cluster of this machine gets a new token if the user has none."""
    if os.environ.get(MODE, "token") != "token":
        raise InvalidValueError(f"{MODE}={os.environ[MODE]} would let in everybody who can reach this machine; unset it")
    os.environ[MODE] = "token"
    has_token = TOKEN in os.environ or TOKEN_FILE in os.environ or (Path.home() / USUAL_TOKEN_FILE).exists()
    if not has_token and address is not None:
        raise InvalidValueError(f"set {TOKEN} or {TOKEN_FILE} to the token of the cluster; see docs/sweeps.md")
    if not has_token:
        os.environ[TOKEN] = secrets.token_hex(32)


def _ray() -> Any:
    need("ray")
    import ray

    major, minor, *_ = (int(part) for part in ray.__version__.split(".")[:2])
    if not (2, 60) <= (major, minor) < (3, 0):
        raise HeadlapseError(f"Ray {ray.__version__} is not supported; install one >= 2.60 and < 3")
    return ray


def _gpus(given: Mapping[str, str], recipe: Recipe) -> float:
    text = given.get("gpus", "0")
    try:
        found = checks.number("option gpus", float(text), least=0)
    except ValueError as error:
        raise checks.wrong("option gpus", "a number >= 0", text) from error
    if found and recipe.device != "cuda":
        raise InvalidValueError("runs on the CPU use no GPU; give --set device=cuda, too, or leave out gpus")
    return found


def _checked_nodes(results: Path) -> int:
    """The number of usable nodes. Raises `HeadlapseError` for one that does not see the results or requires no token."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    token = secrets.token_hex(16)
    mark = seen_by_all(results, token)
    write_bytes(mark, token.encode())
    try:
        nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]
        task = ray.remote(num_cpus=1, max_retries=0, max_calls=1)(look)
        asked = {
            node["NodeManagerAddress"]: task.options(
                scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            ).remote(str(mark))
            for node in nodes
        }
        for address, reference in asked.items():
            _check_answer(address, _answer(address, reference), token, results)
    finally:
        with suppress(HeadlapseError):
            remove([mark])
    return len(nodes)


def look(mark: str) -> dict[str, str]:
    """The content that a worker sees in a file of the driver, and whether its node requires a token."""
    path = Path(mark)
    return {"seen": path.read_text() if path.exists() else "", "mode": os.environ.get(MODE, "")}


def _answer(address: str, reference: Any) -> Mapping[str, str]:
    import ray

    try:
        answer: Mapping[str, str] = ray.get(reference, timeout=SECONDS_TO_ANSWER)
    except ray.exceptions.RayError as error:
        reason = str(getattr(error, "cause", None) or error).strip().splitlines()[-1]
        raise HeadlapseError(f"node {address} cannot work: {reason}; is headlapse installed there?") from error
    return answer


def _check_answer(address: str, answer: Mapping[str, str], token: str, results: Path) -> None:
    if answer["mode"] != "token":
        raise HeadlapseError(
            f"node {address} asks for no token, so it runs code from anybody; start Ray there with {MODE}=token"
        )
    if answer["seen"] != token:
        raise HeadlapseError(f"node {address} does not see {results}; name a folder with --results that all nodes see")


PlaceRegistry.register(Ray())
