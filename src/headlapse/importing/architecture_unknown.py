"""Statements that seem to be about attention or the residual stream, under keys that are not known."""

from __future__ import annotations

from headlapse.importing.architecture_beyond import KINDS, KNOWN, OF_POSITIONS, OF_WINDOWS, is_left_out, values_of
from headlapse.importing.architecture_keys import NOTHING, STATED, plain
from headlapse.importing.architecture_words import NEGATIONS, OUTSIDE, names_feature
from headlapse.importing.facts import Fact
from headlapse.importing.words import listed, words_in

ABOUT_ATTENTION = listed("attn attention softmax rope rotary alibi qk mask masks masking")
ABOUT_PARTS = listed(
    "query queries key keys scale scales scaled scaling temperature residual residuals norm norms normalize normalized "
    "normalise normalised normalization layernorm rmsnorm ln position positions positional pos temp reverse reversed flip "
    "flipped ablate ablated"
)
ALONE = listed("swa sliding parallel bos cls")  # with other words, training or a tokenizer is meant
OF_FLAGS = listed("use add with token enable")
OF_MODELS = listed("alpha tau gamma beta local")  # elsewhere, these are words of optimizers and of places
MODELS = listed("model arch architecture transformer attention attn block layer network net")  # parts of a file
SCALES = listed("scale scaled scaling")  # false means that scores are not divided, or that a scale is fixed
OF_TRAINING = listed(  # words of statements that do not change the function of weights
    "dropout pdrop drop implementation impl backend flash sdpa hook hooks bias init initializer std patterns pattern cache "
    "probs entropy reg loss plot save log lr wd id prob mlm train test val pad padding ratio theta"
)
HARMLESS = OF_TRAINING | listed("result results in output outputs heads head grouped coeff layers token")
HARMLESS_OF_PARTS = OF_TRAINING | listed(
    "losses grad grads gradient gradients clip clipping max api rng prng wandb monitor metric metrics sort seed json sampling "
    "amp weight weights param params parameter parameters update updates l1 fp dtype axis figure color colour image penalty "
    "decay learning rate optimizer adam num n eval answer dir path file folder"
)

OF_KINDS = listed(
    "modeltype modelarchitecture architectures originalarchitecture modelclass blocktype blockorder inputorder inputformat "
    "sequenceformat equationformat promptformat dataformat"
)
USUAL = (  # kinds of models that compute what families declare, and words that leave it open
    *("transformer", "gpt", "gpt2", "gptlike", "gpt2lmheadmodel", "hookedtransformer", "custom", "default", "standard", "auto"),
    *("vanilla", "decoder", "decoderonly", "native", "yes", "true", "full", "prenorm", "ab", "minimize", "maximize", "plain"),
)
OF_VALUES = listed(
    "rope rotary alibi sinusoidal relative sparsemax entmax swiglu geglu softcap xpos mqa gqa parallel backward gelu silu "
    "swish bidirectional noncausal unmasked"
)
OF_NAMES = listed(
    "name names path paths run id dir file folder note notes description project title tag tags comment group entity url "
    "command argv job mode strategy reduction padding error act activation actfn nonlin nonlinearity"
)
LONGEST_TEXT = 40  # characters of a text that names something


def not_understood(fact: Fact) -> bool:
    """Whether a fact seems to be about the function of the weights, but its key is not known, or its value leaves it open."""
    key, values = plain(fact.key), values_of(fact.value)
    if not OUTSIDE.isdisjoint(words_in(fact.where)):
        return False
    if key in KNOWN:
        left_open = {None} if key in OF_POSITIONS else {True} if key in OF_WINDOWS else set()
        return any(value is each for value in values for each in left_open) or any(_is_open(key, value) for value in values)
    if key in OF_KINDS:
        return any(isinstance(value, str) and not is_left_out(value, USUAL) for value in values)
    of_value = any(_is_feature(value) for value in values) and words_in(fact.key).isdisjoint(OF_NAMES)
    if names_feature(fact.key):
        return of_value or any(_is_open_feature(fact.key, value) for value in values)
    return of_value or any(_may_change(fact, value) for value in values)


def _is_open(key: str, value: object) -> bool:
    """Whether a text under a known key means nothing that is known there."""
    readers = [stated.read for stated in STATED if key in stated.keys.split()]
    is_text = isinstance(value, str) and bool(readers) and not is_left_out(value, USUAL)
    return is_text and not any(key in keys for keys in KINDS) and all(read(value) is NOTHING for read in readers)


def _is_open_feature(key: str, value: object) -> bool:
    """Whether the value of a key that names a feature is more than its absence; a factor or a count of 1 changes nothing."""
    is_denied = not words_in(key).isdisjoint(NEGATIONS)
    is_one = isinstance(value, int | float) and not isinstance(value, bool) and value == 1
    return not (is_left_out(value) or (value is True if is_denied else is_one))


def _is_feature(value: object) -> bool:
    """Whether a text names a feature that no family declares."""
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and not words_in(value).isdisjoint(OF_VALUES)


def _may_change(fact: Fact, value: object) -> bool:
    """Whether a value that is not known may change attention, judged by the words of its key and of the part around it."""
    words = words_in(fact.key)
    is_unscaled = bool(words & SCALES) and words.isdisjoint(HARMLESS_OF_PARTS) and _denies(value)
    is_alone = value is not False and words - OF_FLAGS <= ALONE and bool(words & ALONE) and not isinstance(value, str)
    of_part = words <= OF_MODELS and bool(words_in(fact.where.rpartition(".")[2]) & MODELS)
    return is_unscaled or (_is_set(value) and (is_alone or of_part or _is_about(fact.key)))


def _denies(value: object) -> bool:
    return value is False or (isinstance(value, str) and plain(value) in ("none", "no", "off", "false"))


def _is_about(key: str) -> bool:
    words = words_in(key)
    of_attention = bool(words & ABOUT_ATTENTION) and not words & HARMLESS
    return of_attention or (bool(words & ABOUT_PARTS) and not words & HARMLESS_OF_PARTS)


def _is_set(value: object) -> bool:
    """Whether a value is more than a statement that something is absent; a zero may switch something off."""
    return not is_left_out(value) or (isinstance(value, int | float) and not isinstance(value, bool) and value == 0)
