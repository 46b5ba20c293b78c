"""Build wheel and sdist, check them, and use each in a clean environment: `make release-check`.

The lowest versions that the core allows are used, too, and pass the tests of the core. Everything happens in a temporary
folder, with an empty home and little of this environment. `--dist FOLDER` keeps both files.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OF_THE_CORE = ("results", "storage", "families", "visualization", "analysis", "models", "export", "workbench")
NOT_OF_THE_CORE = (  # these need TransformerLens or pandas, which need newer versions of what the core needs
    "analysis/test_attention_patterns.py",
    "analysis/test_capture.py",
    "analysis/test_head_ablation.py",
    "analysis/test_head_scores.py",
    "analysis/test_input_correctness.py",
    "analysis/test_interventions.py",
    "analysis/test_layers_and_axes.py",
    "analysis/test_operations.py",
    "analysis/test_pipeline.py",
    "analysis/test_unsuited.py",
    "models/test_architecture.py",
    "models/test_bridge.py",
    "models/test_one_layer.py",
    "results/test_validation.py",
    "storage/test_npz.py",
    "visualization/test_replaced_heads.py",
    "workbench/test_table.py",
)
KEPT = (
    "PATH",
    "LANG",
    "SYSTEMROOT",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "PIP_CERT",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
)


def run(*command: str | Path, folder: Path, home: Path | None = None) -> None:
    """Run in `folder`, which is also the home unless another is given; an error ends everything."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    subprocess.run([*map(str, command)], cwd=folder, env=environment | {"HOME": str(home or folder)}, check=True)


def build(folder: Path) -> list[Path]:
    """The sdist, and the wheel that is built from it, checked."""
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, folder=folder)
    wheel, sdist = sorted(folder.glob("*.whl")), sorted(folder.glob("*.tar.gz"))
    assert len(wheel) == len(sdist) == 1, [*wheel, *sdist]
    run(sys.executable, "-m", "twine", "check", "--strict", *wheel, *sdist, folder=folder)
    run(Path(sys.executable).with_name("check-wheel-contents"), *wheel, folder=folder)
    build_without_git(*sdist, folder)
    return [*wheel, *sdist]


def build_without_git(sdist: Path, folder: Path) -> None:
    """A wheel can be built from files that neither git nor `PKG-INFO` gives a version."""
    (folder / "files").mkdir()
    run("tar", "-xf", sdist, folder=folder / "files")
    (files,) = (folder / "files").iterdir()
    (files / "PKG-INFO").unlink()
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder / "without_git", files, folder=folder)
    assert [path.name for path in (folder / "without_git").iterdir()] == ["headlapse-0.0-py3-none-any.whl"]


def lowest(folder: Path) -> Path:
    """Constraints to the lowest versions that the core allows."""
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    path = folder / "lowest.txt"
    path.write_text("".join(re.sub(r">=([\d.]+).*", r"==\1", need) + "\n" for need in needs))
    return path


def use(distribution: Path, extras: str, folder: Path, constraints: Path = ROOT / "constraints.txt") -> None:
    """Install one file into an environment of its own and use it from another folder."""
    folder.mkdir()
    began = time.monotonic()
    run(sys.executable, "-m", "venv", "venv", folder=folder)
    python = folder / "venv" / "bin" / "python"
    wanted = f"{distribution}{extras}"
    run(python, "-m", "pip", "install", "--quiet", "--no-cache-dir", "-c", constraints, wanted, folder=folder)
    seconds, size = time.monotonic() - began, sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{distribution.name}{extras}: installed in {seconds:.0f} s, {size / 2**20:,.0f} MiB", flush=True)
    run(python, ROOT / "tests" / "installed.py", folder=folder)


def test(folder: Path) -> None:
    """The tests of the core, with the versions in `folder`; torch and pytest come from this environment."""
    python = folder / "venv" / "bin" / "python"
    (packages,) = folder.glob("venv/lib/python*/site-packages")
    (packages / "tools.pth").write_text(sysconfig.get_path("purelib"))  # searched after the packages of `folder`
    run(python, "-c", "import sys, headlapse; assert headlapse.__file__.startswith(sys.prefix)", folder=ROOT, home=folder)
    tests = [f"tests/{name}" for name in OF_THE_CORE] + [f"--ignore=tests/{name}" for name in NOT_OF_THE_CORE]
    plain = ("-q", "-n", "2", "-m", "not browser", "-p", "no:cacheprovider", "-p", "no:typeguard")
    run(python, "-m", "pytest", *plain, *tests, folder=ROOT, home=folder)


def main() -> None:
    """Build, check, use and test what was built."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--dist", type=Path, help="folder in which wheel and sdist are kept")
    options.add_argument("--extras", default="", help="extras of the wheel, such as [train]; none by default")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        wheel, sdist = build(Path(name))
        use(wheel, given.extras, Path(name) / "from_wheel")
        use(sdist, "", Path(name) / "from_sdist")
        use(wheel, "", Path(name) / "lowest", lowest(Path(name)))
        test(Path(name) / "lowest")
        if given.dist is not None:
            given.dist.mkdir(parents=True, exist_ok=True)
            for path in (wheel, sdist):
                shutil.copy(path, given.dist)


if __name__ == "__main__":
    main()
