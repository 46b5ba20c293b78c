"""Compare what files state about the function of their weights with the function that will be computed.

Weights do not show a mask, a scale, an activation or a normalization without weights. Programs state these under their own
names (`architecture_keys`). A statement that contradicts the family is refused, and a line lists the assumptions where nothing
is stated.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path

from headlapse.errors import IncompatibleFileError
from headlapse.families.spec import ArchitectureSpec
from headlapse.importing.architecture_beyond import KNOWN, beyond, values_of
from headlapse.importing.architecture_keys import ACTIVATIONS, NOTHING, SOME, STATED, plain
from headlapse.importing.architecture_unknown import not_understood
from headlapse.importing.architecture_words import OF_NORMS
from headlapse.importing.facts import Fact
from headlapse.importing.words import listed, words_in
from headlapse.models.config import SIZES, ModelConfig

OF_MODELS = ("normalizationtype", "normalization", "attentiondir")  # beside these, eps is not that of an optimizer
OF_DATA = frozenset(("data", "data_config", "dataset", "datasets", "dataloader", "logging", "wandb"))
OF_ACTIVATIONS = listed("act actfn activation activations nonlin nonlinearity")
OF_MLPS = listed("mlp ffn ff feedforward")
OF_OTHER_PARTS = listed("attn attention final out output head pooler classifier gate init probe sae")
_LAYER = re.compile(r"blocks\.([0-9]+)\.", re.ASCII)


def check_layers(tensors: Iterable[str], n_layers: int, path: Path, family: str) -> None:
    """Raise `IncompatibleFileError` if the names of the weights show another number of layers than the family's `n_layers`."""
    found = 1 + max((int(match[1]) for match in map(_LAYER.match, tensors) if match), default=0)
    if found != n_layers:
        problem = f"holds {found} layer{'s' if found > 1 else ''}, and the models of {family} have {n_layers}"
        raise IncompatibleFileError(path, problem, f"it belongs to a family with n_layers {found}")


def check_architecture(facts: Iterable[Fact], config: ModelConfig, family: str, is_own: bool = False) -> list[str]:
    """A line that names what is assumed because neither weights nor facts state it; empty if everything is stated.

    `config` is the model of the weights, `family` the name of their family; `is_own` means that this program stated the facts.
    Raises `IncompatibleFileError` naming every fact that contradicts `config`, and the value in `config`.
    """
    facts = [fact for fact in facts if OF_DATA.isdisjoint(fact.where.lower().split("."))]
    facts += _unsaid(facts, config) if is_own else []
    known: set[str] = set()
    wrong: dict[str, Fact] = {}
    for fact in facts:
        claims = list(_claims(fact, config, facts))
        known |= {field for field, _ in claims}
        problems = [_in_words(config, field, family) for field, said in claims if not _agrees(said, getattr(config, field))]
        for problem in [*problems, *beyond(fact, config, facts)]:
            wrong.setdefault(f"{fact}, where {problem}", fact)
    if wrong:
        remedy = "choose a --family that declares what is stated (docs/families.md), or correct the file if it is wrong"
        raise IncompatibleFileError(next(iter(wrong.values())).path, f"states {'; '.join(wrong)}", remedy)
    return [] if is_own else [*_assumed(config, known), *_left(facts)]


def _unsaid(facts: Sequence[Fact], config: ModelConfig) -> list[Fact]:
    """The values that this program's config.json implies for omitted fields."""
    models = [fact for fact in facts if fact.where == "model"]
    said = {fact.key for fact in models}
    defaults = ArchitectureSpec.defaults() | {"attn_scale": config.d_head**0.5}
    return [models[0]._replace(key=key, value=value) for key, value in defaults.items() if models and key not in said]


def _claims(fact: Fact, config: ModelConfig, facts: Iterable[Fact]) -> Iterator[tuple[str, object]]:
    """The fields that a fact is about, and its value for each."""
    key = plain(fact.key)
    for stated in STATED:
        if key in stated.keys.split() and _counts(stated.field, key, fact, config, facts):
            for value in values_of(fact.value):
                said = stated.read(value)
                if said is not NOTHING:
                    yield stated.field, said
    if key not in KNOWN:
        for value in values_of(fact.value):
            yield from _claims_of_names(fact, plain(value)) if isinstance(value, str) else ()


def _claims_of_names(fact: Fact, value: str) -> Iterator[tuple[str, object]]:
    """What the name of an activation or a normalization under an unknown key says, also that of a module in a pickled model."""
    words, around = words_in(fact.key), words_in(fact.where.rpartition(".")[2])
    if value in ACTIVATIONS and (words & OF_ACTIVATIONS or around & OF_MLPS) and words.isdisjoint(OF_OTHER_PARTS):
        yield "act_fn", ACTIVATIONS[value]
    if value in OF_NORMS:
        yield "normalization", SOME


def _counts(field: str, key: str, fact: Fact, config: ModelConfig, facts: Iterable[Fact]) -> bool:
    """Whether the field has an effect in these models, and the key can only mean this field."""
    beside = {plain(other.key): other.value for other in facts if (other.path, other.where) == (fact.path, fact.where)}
    if field == "score_divisor":
        return beside.get("useattnscale") is not False  # TransformerLens stores a scale that it does not use
    if field == "eps":
        return config.normalization is not None and (key not in ("eps", "epsilon") or not beside.keys().isdisjoint(OF_MODELS))
    return True


def _agrees(said: object, computed: object) -> bool:
    if said is SOME:
        return computed is not None
    if isinstance(said, float | int) and isinstance(computed, float | int):
        return math.isclose(said, computed, rel_tol=1e-6)
    return said == computed


def _in_words(config: ModelConfig, field: str, family: str) -> str:
    """The value that is computed instead, and its source."""
    value = getattr(config, field)
    if field in (*SIZES, "n_layers"):
        return f"the weights have {field} {value}"
    if field == "score_divisor":
        return f"the models of {family} divide scores by {value:.6g}"
    return f"the models of {family} have {field} {value!r}"


def _left(facts: Iterable[Fact]) -> list[str]:
    """A line about statements that may be about the function of the weights, and are not understood."""
    found = list(dict.fromkeys(str(fact) for fact in facts if not_understood(fact)))
    return [f"not understood, so compare it with what the family computes: {', '.join(found)}"] if found else []


def _assumed(config: ModelConfig, known: Container[str]) -> list[str]:
    scale = "1/√d_head" if config.attn_scale is None else f"1/{config.attn_scale:g}"
    words = {
        ("attention_dir",): "a causal mask" if config.attention_dir == "causal" else "no mask",
        ("score_divisor", "use_attn_scale"): f"scores times {scale}" if config.use_attn_scale else "scores that are not scaled",
        ("normalization",): config.normalization or "no normalization",
        ("act_fn",): {"relu": "ReLU", "gelu": "GELU"}.get(config.act_fn, config.act_fn),
    }
    if config.normalization in ("LN", "RMS"):  # visible in their weights
        del words[("normalization",)]
    left = [word for fields, word in words.items() if not any(field in known for field in fields)]
    return [f"assumed, because nothing states it: {', '.join(left)}"] if left else []
