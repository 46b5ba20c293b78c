"""Artifacts of several epochs as one, where some are not like the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headlapse.errors import IncompatibleFileError
from headlapse.results.loader import ArtifactLoader

NAME = "shares"


@pytest.fixture
def loader(tmp_path: Path) -> ArtifactLoader:
    """Three epochs, of which the first is not like the other two."""
    loader = ArtifactLoader(tmp_path)
    for epoch, shape in ((0, (3, 3)), (100, (2, 5)), (200, (2, 5))):
        loader.paths.file(NAME, epoch).parent.mkdir(exist_ok=True)
        np.savez(loader.paths.file(NAME, epoch), shares=np.full(shape, epoch))
    return loader


def test_an_epoch_that_is_not_like_most_is_left_out_and_named(loader: ArtifactLoader) -> None:
    with pytest.warns(UserWarning, match=r"epoch 0 is left out: .*epoch_00000\.npz: holds .*\[3, 3\]"):
        loaded = loader.load_epochs(NAME)
    assert loaded["epochs"].tolist() == [100, 200]
    np.testing.assert_array_equal(loaded["shares"][:, 0, 0], [100, 200])


def test_an_epoch_that_was_asked_for_is_not_left_out(loader: ArtifactLoader) -> None:
    with pytest.raises(IncompatibleFileError, match=r"holds .*most epochs hold .*\[2, 5\].*headlapse analyze"):
        loader.load_epochs(NAME, [0, 100, 200])
    assert loader.load_epochs(NAME, [200, 100])["epochs"].tolist() == [200, 100]


@pytest.mark.parametrize("epochs", [np.array([0.0, np.nan]), np.array(["0"])])
def test_a_run_that_names_no_epochs_is_incompatible(tmp_path: Path, epochs: np.ndarray) -> None:
    loader = ArtifactLoader(tmp_path)
    loader.paths.run_file(NAME).parent.mkdir()
    np.savez(loader.paths.run_file(NAME), epochs=epochs)
    with pytest.raises(IncompatibleFileError, match="no epochs"):
        loader.get_epochs(NAME)
