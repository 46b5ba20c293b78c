"""Statements that seem to be about attention or the residual stream, under keys that are not known."""

from __future__ import annotations

from headlapse.importing.architecture_beyond import KNOWN, OF_POSITIONS, is_left_out, values_of
from headlapse.importing.architecture_keys import plain
from headlapse.importing.facts import Fact
from headlapse.importing.words import listed, words_in

ABOUT_ATTENTION = listed("attn attention softmax rope rotary alibi qk mask masks masking")
ABOUT_PARTS = listed(
    "query queries key keys scale scales scaled scaling temperature residual residuals norm norms normalize normalized "
    "normalise normalised normalization layernorm rmsnorm ln position positions positional pos"
)
OF_TRAINING = listed(  # words of statements that do not change the function of weights
    "dropout pdrop drop implementation impl backend flash sdpa hook hooks bias init initializer std patterns pattern cache "
    "probs entropy reg loss plot save log lr wd id prob mlm train test val pad padding ratio theta"
)
HARMLESS = OF_TRAINING | listed("result results in output outputs heads head grouped coeff layers token")
HARMLESS_OF_PARTS = OF_TRAINING | listed(
    "losses grad grads gradient gradients clip clipping max api rng prng wandb monitor metric metrics sort seed json sampling "
    "amp weight weights param params parameter parameters update updates l1 fp dtype axis figure color colour image penalty "
    "decay learning rate optimizer adam num n eval answer"
)
OUTSIDE = listed("metric metrics stat stats loss losses result results history log logs logger summary eval evaluation plot")


def not_understood(fact: Fact) -> bool:
    """Whether a fact seems to be about the function of the weights, but its key is not known, or its value leaves it open."""
    key, values = plain(fact.key), values_of(fact.value)
    if not OUTSIDE.isdisjoint(words_in(fact.where)):
        return False
    if key in KNOWN:
        return key in OF_POSITIONS and any(value is None for value in values)
    return any(map(_is_set, values)) and _is_about(fact.key)


def _is_about(key: str) -> bool:
    words = words_in(key)
    of_attention = bool(words & ABOUT_ATTENTION) and not words & HARMLESS
    return of_attention or (bool(words & ABOUT_PARTS) and not words & HARMLESS_OF_PARTS)


def _is_set(value: object) -> bool:
    """Whether a value is more than a statement that something is absent; a zero may switch something off."""
    return not is_left_out(value) or (isinstance(value, int | float) and not isinstance(value, bool) and value == 0)
