"""Names and words under which programs state the function of their weights."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

NOTHING: Final = object()  # the meaning of a value that leaves the question open
SOME: Final = object()  # any value but None
Read = Callable[[Any], object]
_FUNCTION = re.compile(r"<function (\w+) .*")


def _flag(true: object, false: object) -> Read:
    """The meaning of a boolean, or of a text for one."""
    meanings = {"true": true, "false": false}
    return lambda value: meanings.get(str(value).lower(), NOTHING) if isinstance(value, bool | str) else NOTHING


def _word(meanings: Mapping[str, object], of_others: Callable[[object], object] = lambda value: value) -> Read:
    """The meaning of a text in any spelling; an unknown text is its own value."""

    def read(value: Any) -> object:
        if value is None:
            return meanings.get("none", NOTHING)
        word = _FUNCTION.sub(r"\1", str(value)).rpartition(".")[2]
        return meanings.get(plain(word), of_others(value))

    return read


def _size(value: Any) -> object:
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else NOTHING


def _root(value: Any) -> object:
    size = _size(value)
    return math.sqrt(size) if isinstance(size, int | float) else NOTHING


def _inverse(value: Any) -> object:
    size = _size(value)
    return 1 / size if isinstance(size, int | float) else NOTHING


def _ignore(_value: object) -> object:
    return NOTHING


_NORMALIZATIONS = {
    **dict.fromkeys(("none", "null", "", "false", "no", "identity")),
    **dict.fromkeys(("ln", "layernorm", "layer"), "LN"),
    **dict.fromkeys(("rms", "rmsnorm"), "RMS"),
    **dict.fromkeys(("lnpre", "layernormpre"), "LNPre"),
    **dict.fromkeys(("rmspre", "rmsnormpre"), "RMSPre"),
    **dict.fromkeys(("true", "yes"), SOME),
}
_ACTIVATIONS = {
    "relu": "relu",
    **dict.fromkeys(("gelu", "geluapproximatenone"), "gelu"),
    **dict.fromkeys(("gelunew", "gelufast", "gelutanh", "gelupytorchtanh", "geluapproximatetanh", "newgelu"), "gelu_new"),
    **dict.fromkeys(("silu", "swish"), "silu"),
    "solu": "solu",
    "soluln": "solu_ln",
}
_DIRECTIONS = {
    **dict.fromkeys(("causal", "autoregressive", "unidirectional"), "causal"),
    **dict.fromkeys(("bidirectional", "noncausal", "unmasked"), "bidirectional"),
}


@dataclass(frozen=True)
class Stated:
    """Keys, in lower case without marks, under which programs state a field of `ModelConfig`, and the meaning of values."""

    field: str
    keys: str
    read: Read


STATED = (
    Stated("attention_dir", "attentiondir attndir attentiondirection", _word(_DIRECTIONS)),
    Stated("attention_dir", "attnmask attentionmask masktype attentiontype attntype", _word(_DIRECTIONS, _ignore)),
    Stated(
        "attention_dir", "causal iscausal usecausal usecausalmask causalmask causalattention", _flag("causal", "bidirectional")
    ),
    Stated("attention_dir", "maskattention causalmasking autoregressive unidirectional", _flag("causal", "bidirectional")),
    Stated("attention_dir", "bidirectional isbidirectional", _flag("bidirectional", "causal")),
    Stated("use_attn_scale", "useattnscale scaleattn scaleattnweights scaleattention scalescores", _flag(True, False)),
    Stated("score_divisor", "attnscale", _size),
    Stated("score_divisor", "querypreattnscalar", _root),
    Stated("score_divisor", "softmaxscale attentionmultiplier qkscale", _inverse),
    Stated("normalization", "normalizationtype normtype", _word(_NORMALIZATIONS)),
    Stated("normalization", "normalization norm layernorm lntype", _word(_NORMALIZATIONS, _ignore)),
    Stated("normalization", "useln uselayernorm usenorm usenormalization", _flag(SOME, None)),
    Stated("normalization", "prenorm preln normfirst postnorm postln", _flag(SOME, NOTHING)),
    Stated("act_fn", "actfn acttype activationfn activationfunction hiddenact nonlinearity", _word(_ACTIVATIONS)),
    Stated(
        "act_fn",
        "activation activationtype activationname activationfunc actfunc actname mlpact mlpactivation",
        _word(_ACTIVATIONS),
    ),
    Stated("act_fn", "act nonlin", _word(_ACTIVATIONS, _ignore)),
    Stated("n_layers", "nlayers nlayer numlayers numhiddenlayers", _size),
    Stated("n_heads", "nheads nhead numheads numattentionheads", _size),
    Stated("n_heads", "nkeyvalueheads numkeyvalueheads nkvheads", _size),
    Stated("d_model", "dmodel hiddensize nembd", _size),
    Stated("d_head", "dhead headdim", _size),
    Stated("d_mlp", "dmlp intermediatesize ninner dff dimfeedforward", _size),
    Stated("d_vocab", "dvocab vocabsize", _size),
    Stated("d_vocab_out", "dvocabout", _size),
    Stated("n_ctx", "nctx npositions maxpositionembeddings", _size),
    Stated("eps", "eps layernormeps layernormepsilon lneps rmsnormeps normeps", _size),
)
# features that no family can declare: keys, and values for "absent", besides none, false, and numbers below 1
UNKNOWN_HERE: Mapping[str, tuple[str, ...]] = {
    "positionalembeddingtype positionembeddingtype posembtype": ("standard", "absolute", "learned", "learnedabsolute"),
    "rotary userotary userope rope rotarydim ropetheta alibi usealibi shortformer": (),
    "attnonly attentiononly": (),
    "parallelattnmlp useparallelresidual gatedmlp postembeddingln usenormalizationbeforeandafter scaleembedding": (),
    "attnscoressoftcap attnlogitsoftcapping outputlogitssoftcap finallogitsoftcapping": (),
    "useqknorm qknorm qklayernorm rmsnormusesoffset numexperts relativeattentionnumbuckets": (),
}


def plain(key: str) -> str:
    """`key` in lower case, without marks between its words."""
    return re.sub(r"[^a-z0-9]", "", key.lower())
