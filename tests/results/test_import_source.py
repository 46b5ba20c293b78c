from pathlib import Path

import pytest

from headlapse.errors import InvalidValueError
from headlapse.results.import_source import ImportSource
from headlapse.results.records import write_config
from headlapse.workbench import Variant


@pytest.fixture
def imported(family, tmp_path: Path) -> Variant:
    origin = ImportSource("theirs", "model.pth", "some layout", {"n_heads": 2, "d_vocab_out": 8})
    variant = Variant(family, family.check({"prime": 7}), tmp_path, origin)
    write_config(variant, {}, {})
    return variant


def test_an_imported_variant_opens_as_it_was_written(imported, family):
    opened = Variant.open(imported.paths.root, family)
    assert opened == imported
    assert (opened.name, opened.settings, opened.shape["n_heads"]) == ("theirs", {"prime": 7}, 2)


def test_the_shape_of_its_weights_wins_over_the_family(imported, family):
    from headlapse.models.config import ModelConfig

    config = ModelConfig.of(family, imported.settings, imported.shape)
    assert (config.n_heads, config.d_vocab, config.d_vocab_out) == (2, 8, 8)
    assert ModelConfig.of(family, imported.settings).d_vocab_out == 7


def test_it_is_not_trained_on(imported):
    with pytest.raises(InvalidValueError, match="was imported"):
        imported.train(1, restart=True)


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 121, 5, "é"])
def test_a_name_that_is_no_folder_name_is_refused(name):
    with pytest.raises(InvalidValueError, match="a name must be"):
        ImportSource.parse({"name": name, "source": "", "layout": ""})


def test_an_origin_with_other_fields_is_refused():
    with pytest.raises(InvalidValueError, match="must state name"):
        ImportSource.parse({"name": "a", "colour": "red"})
