"""`headlapse import hf:...` as typed: named revisions and texts, compared with what the model says of its own attention."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from headlapse.cli import main
from tests.recording.loops import opened
from tests.recording.test_series import patterns_of, save
from tests.recording.test_transformers import model_of

WORDS = ["nothing", "Mary", "John", "went", "to", "the", "store", "gave", "a", "drink"]
TEXT = "Mary gave a drink to John"


@pytest.fixture
def trainer(tmp_path: Path) -> Path:
    """A folder of two checkpoints with different weights, each with a tokenizer that knows `WORDS`."""
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token=WORDS[0]))
    tokenizer.pre_tokenizer = Whitespace()
    for step in (500, 1000):
        folder, model = tmp_path / "trainer" / f"checkpoint-{step}", model_of("GPT2", "eager")
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.mul_(step / 500)
        save(model, folder)
        transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token=WORDS[0]).save_pretrained(folder)
    return tmp_path / "trainer"


@pytest.fixture
def imports(trainer: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The command on that folder; what it printed, if it ended with `code`."""

    def command(*arguments: str, code: int = 0) -> str:
        given = ["headlapse", "import", f"hf:{trainer}", "--results", str(trainer.parent), *arguments]
        monkeypatch.setattr("sys.argv", given)
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert ended.value.code == code, printed.err
        return printed.out if code == 0 else printed.err

    return command


def test_a_text_is_what_the_named_revisions_read(imports: Callable[..., str], trainer: Path) -> None:
    told = imports("--revisions", "checkpoint-1000=7", "--probe", TEXT, "--name", "gift")
    run = opened(trainer.parent, "gift")
    tokens = torch.tensor([[WORDS.index(word) for word in TEXT.split()]])
    model = transformers.AutoModelForCausalLM.from_pretrained(trainer / "checkpoint-1000", attn_implementation="eager")
    assert "gift: 1 revision" in told and run.epochs == [7]
    assert list(run.labels.position_labels) == TEXT.split()
    np.testing.assert_allclose(run.patterns(7), patterns_of(model, tokens), atol=1e-6)


def test_the_lines_of_a_file_are_cut_to_the_shortest(imports: Callable[..., str], trainer: Path) -> None:
    (trainer.parent / "texts").write_text("Mary went to the store\nJohn gave a\n")
    imports("--probe", str(trainer.parent / "texts"))
    run = opened(trainer.parent, "trainer")
    assert run.epochs == [500, 1000] and run.patterns(500).shape[1:] == (3, 3, 2)


def test_what_is_wrong_is_one_line(imports: Callable[..., str]) -> None:
    assert "checkpoint-3" in imports("--revisions", "checkpoint-3", code=1)
    assert "probe" in imports("--probe", "", code=2)
