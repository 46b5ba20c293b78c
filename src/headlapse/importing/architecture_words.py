"""Features that no family can declare, recognised by the words of a key in any order, as in `use_qk_rmsnorm`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from headlapse.importing.architecture_keys import NO, plain
from headlapse.importing.words import listed, words_in

STEMS = listed(  # anywhere in a key without marks
    "rotary alibi softcap sparsemax entmax qknorm talkinghead tokenshift kvshift layerscale rezero multiquery groupedquery "
    "relativeposition relposbias prefixlm differentialattn differentialattention righttoleft anticausal strictlycausal "
    "sandwich macaron"
)
NEGATIONS = listed("no not non without disable disabled skip")
OF_TRAINING = listed(  # words of statements that do not change the function of weights
    "dropout pdrop drop init initializer std lr wd reg loss losses plot save log penalty grad grads decay hook hooks cache "
    "path metric metrics entropy name names dir file test tests eval"
)
OUTSIDE = listed("metric metrics stat stats loss losses result results history log logs logger summary eval evaluation plot")
ATTENTION = listed("attn attention")
POSITIONS = listed("pos posemb posenc position positions positional")
OF_POSITIONS = listed("rope rotary alibi xpos sinusoidal sin relative t5 nope fourier")  # in values
OF_NORMS = listed(
    "layernorm rmsnorm batchnorm1d batchnorm groupnorm instancenorm1d instancenorm localresponsenorm syncbatchnorm"
)
OF_SCORES = OF_NORMS | listed("sigmoid tanh relu elu softplus gelu silu hardtanh softsign gumbelsoftmax logsigmoid")
WINDOWS = (listed("attn attention local sliding swa"), listed("window windows span size width radius reach"))
Means = Callable[[object], bool]


def _is_flag(value: object) -> bool:
    """Whether it is true, or a text that says how; a number may be a measurement."""
    return value is True or (isinstance(value, str) and plain(value) not in ("", "none", "null", *NO))


def _is_any(value: object) -> bool:
    return _is_flag(value) or (_is_number(value) and value > 0)  # type: ignore[operator]


def _is_factor(value: object) -> bool:
    return _is_flag(value) or (_is_number(value) and value not in (0, 1))


def _is_several(value: object) -> bool:
    return _is_number(value) and value > 1  # type: ignore[operator]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True)
class Feature:
    """A feature that a key names if it has a word of `one`, and one of `other` if there are any; `is_on` judges its value."""

    one: frozenset[str]
    other: frozenset[str] = frozenset()
    is_on: Means = _is_flag

    def is_named(self, words: frozenset[str]) -> bool:
        """Whether the words of a key name it."""
        return bool(words & self.one) and (not self.other or bool(words & self.other))


NORMS = listed("norm normed normalize normalized normalise normalised normalization rms rmsnorm layernorm ln l2 l2norm cosine")
FEATURES = (
    Feature(listed("rope ropes xpos nope mup"), is_on=_is_any),
    Feature(listed("mqa gqa swiglu geglu reglu glu smear canon")),
    Feature(listed("q k qk query queries key keys"), NORMS),
    Feature(
        listed("cap caps capping capped"), listed("soft tanh score scores logit logits final qk") | ATTENTION, is_on=_is_any
    ),
    Feature(listed("parallel"), listed("ff ffn mlp block blocks layer layers residual residuals") | ATTENTION),
    Feature(listed("prefix"), listed("lm len length mask causal") | ATTENTION, is_on=_is_any),
    Feature(listed("exclude ignore mask masked hide"), listed("self diag diagonal")),
    Feature(listed("anti strict strictly"), listed("causal mask masking")),
    Feature(listed("gate gates gated gating"), listed("head heads value values output residual") | ATTENTION),
    Feature(listed("shift shifted"), listed("token tokens key keys kv value values")),
    Feature(
        listed("conv convolution canon"),
        listed("key keys short q k v qkv kv causal size kernel layers") | ATTENTION,
        is_on=_is_any,
    ),
    Feature(listed("mem memory memories"), listed("kv token tokens"), is_on=_is_any),
    Feature(listed("register registers"), listed("n num token tokens"), is_on=_is_any),
    Feature(listed("loops recurrence recurrences recurrent"), listed("n num step steps depth count"), is_on=_is_several),
    Feature(listed("topk top sparse sparsity local linear sigmoid relu hard cosine tanh hyperbolic gumbel"), ATTENTION),
    Feature(listed("value values"), listed("residual residuals embedding embeddings embeds")),
    Feature(
        listed("embed embeds embedding embeddings emb"), listed("sqrt multiply multiplied multiplier scaled"), is_on=_is_factor
    ),
    Feature(
        listed("mult multiplier"), listed("score scores logit logits softmax qk dot product") | ATTENTION, is_on=_is_factor
    ),
    Feature(listed("post sub peri after deep"), listed("norm ln layernorm rmsnorm")),
)
SHARED_PARTS = listed("norm layernorm ln embedding embeddings embed emb bias")  # that layers share without being the same
OF_SHARING = (  # weights of one layer that several layers use
    Feature(listed("universal looped recurrent")),
    Feature(listed("share shared sharing tie tied"), listed("layer layers block blocks")),
)


def names_feature(key: str) -> bool:
    """Whether `key` is about a feature that no family declares, or says that the feature is absent."""
    words = words_in(key)
    is_named = any(stem in plain(key) for stem in STEMS) or any(feature.is_named(words) for feature in FEATURES)
    return is_named and words.isdisjoint(OF_TRAINING)


def states_feature(key: str, value: object, where: str) -> bool:
    """Whether a fact says that the model has a feature that no family declares."""
    words = words_in(key)
    if words & POSITIONS and isinstance(value, str) and words_in(value) & OF_POSITIONS and words.isdisjoint(OF_TRAINING):
        return True
    if not names_feature(key) or not words.isdisjoint(NEGATIONS) or not OUTSIDE.isdisjoint(words_in(where)):
        return False
    if any(stem in plain(key) for stem in STEMS):
        return _is_any(value)
    return any(feature.is_named(words) and feature.is_on(value) for feature in FEATURES)


def shares_layers(key: str, value: object) -> bool:
    """Whether a fact says that several layers use the same weights."""
    words = words_in(key)
    is_named = any(feature.is_named(words) and feature.is_on(value) for feature in OF_SHARING)
    return is_named and words.isdisjoint(OF_TRAINING | NEGATIONS | SHARED_PARTS)


def names_window(key: str) -> bool:
    """Whether `key` is about the number of positions that attention reaches."""
    words = words_in(key)
    return all(words & some for some in WINDOWS) and words.isdisjoint(OF_TRAINING)


def is_in_attention(value: object, where: str) -> bool:
    """Whether a text, or the class of a module, is a normalization or a function inside attention, which has only a softmax."""
    around = words_in(where.rpartition(".")[2])
    return (
        isinstance(value, str) and plain(value) in OF_SCORES and bool(around & (ATTENTION | listed("selfattn selfattention")))
    )
