"""How costs grow: patterns with p, analysis and reading with checkpoints, listing with variants; and the time of starting."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np

import headlapse
from benchmarks.plain import Plain
from benchmarks.steps import NAME, Published, with_checkpoints
from benchmarks.timing import compare, median, seconds
from headlapse.models.config import ModelConfig
from headlapse.models.initial import initial_weights
from headlapse.models.one_layer_patterns import grid_patterns
from headlapse.results.records import write_config
from headlapse.storage.atomic import write_json
from headlapse.system.blas_threads import one_blas_thread

PRIMES = (31, 61, 113, 197)
CHECKPOINTS = (25, 100, 250)
VARIANTS = (10, 50, 200)
ANALYSE = """
import json, re, sys, time
import headlapse
from headlapse.analysis import AnalysisPipeline, AnalysisRunConfig
config = AnalysisRunConfig(analyzers=["attention_patterns"], force=True)
pipeline = AnalysisPipeline(headlapse.load_variant(sys.argv[1]), config)
began = time.perf_counter()
report = pipeline.run()
spent = time.perf_counter() - began
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
print(json.dumps({"seconds": spent, "peak": peak * 1024, "computed": len(report.computed)}))
"""


def print_growth(published: Published) -> None:
    """Print every table."""
    _patterns_by_prime()
    _analysis_by_checkpoints(published)
    _listing_by_variants(published.folder)
    _starting(published.folder)


def _patterns_by_prime() -> None:
    print("\npatterns of all p^2 inputs")
    family = headlapse.load_family("modulo_addition_1layer")
    for p in PRIMES:
        settings = family.resolve({"prime": p})
        config = ModelConfig.of(family, settings)
        weights = initial_weights(config, seed=999)
        plain = Plain(config, weights, family.task.probe(settings), family.task.labels(settings))
        arrays = {name: tensor.detach().numpy() for name, tensor in weights.items()}
        with one_blas_thread:  # of numpy, as in the pipeline; torch keeps its own
            row = compare(f"p = {p}", plain.patterns, lambda arrays=arrays, p=p: grid_patterns(arrays, p), repeats=5)
        print(f"  {row.step:8} plain {row.plain * 1e3:8.1f} ms   ours {row.ours * 1e3:7.2f} ms   ratio {row.ratio:6.0f}")


def _analysis_by_checkpoints(published: Published) -> None:
    print("\nanalysing a run, in a process of its own; then one position pair of every epoch, read cold")
    for count in CHECKPOINTS:
        variant = with_checkpoints(published, count)
        found = json.loads(_python(ANALYSE, str(variant.paths.root)))
        pair = seconds(
            lambda variant=variant: [
                variant.artifacts.load_part(NAME, epoch, "patterns", np.s_[:, 2, 0]) for epoch in variant.epochs
            ]
        )
        print(
            f"  {found['computed']:4} checkpoints   {found['seconds']:6.2f} s   {found['seconds'] / count * 1e3:5.1f} ms each"
            f"   peak {found['peak'] / 2**20:5.0f} MiB   pair {pair:5.2f} s"
        )


def _listing_by_variants(folder: Path) -> None:
    print("\nheadlapse list, variants of 250 checkpoints, all analysed")
    for count in VARIANTS:
        results = folder / f"list{count}"
        _make_empty_runs(results, count)
        spent = median(lambda results=results: _headlapse("list", "--results", str(results)))
        print(f"  {count:4} variants   {spent:5.2f} s")


def _make_empty_runs(results: Path, count: int) -> None:
    family = headlapse.load_family("modulo_addition_1layer")
    for seed in range(count):
        variant = family.variant(seed=seed, results=results)
        write_config(variant, {}, {})
        write_json(variant.paths.status, {"state": "trained", "epoch": 24_900, "epochs": 24_900})
        for epoch in range(0, 25_000, 100):
            for path in (variant.paths.checkpoint(epoch), variant.artifacts.paths.file(NAME, epoch)):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()


def _starting(folder: Path) -> None:
    print("\nstarting")
    print(f"  headlapse --help            {median(lambda: _headlapse('--help')):5.2f} s")
    print(f"  dashboard to the first page {min(_first_page(folder) for _ in range(3)):5.2f} s")
    print(f"  import torch                {median(lambda: _python('import torch'), repeats=3):5.2f} s, for scale")


def _first_page(folder: Path) -> float:
    """Seconds from the start of the command to the page."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "headlapse", "dashboard", "--results", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            address = next(word for word in server.stdout.readline().split() if word.startswith("http"))
            urllib.request.urlopen(address, timeout=60).read()
            return time.perf_counter() - began
        finally:
            server.terminate()


def _headlapse(*arguments: str) -> str:
    return _run("-m", "headlapse", *arguments)


def _python(code: str, *arguments: str) -> str:
    return _run("-c", code, *arguments)


def _run(*arguments: str) -> str:
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True, timeout=600).stdout
