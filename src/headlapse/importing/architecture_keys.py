"""Names and words under which programs state the function of their weights."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

NOTHING: Final = object()  # a value that leaves the question open
SOME: Final = object()  # any value but None
Read = Callable[[Any], object]
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_FUNCTION = re.compile(r"<function (\w+) .*")


def _flag(true: object, false: object) -> Read:
    """The meaning of a boolean, or of a number or a text for one."""
    meanings = {**dict.fromkeys(YES, true), **dict.fromkeys((*NO, "none"), false)}
    return lambda value: NOTHING if isinstance(value, float | None) else meanings.get(str(value).lower(), NOTHING)


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
    **dict.fromkeys(("none", "null", "", "identity", *NO)),
    **dict.fromkeys(("ln", "layernorm", "layer"), "LN"),
    **dict.fromkeys(("rms", "rmsnorm"), "RMS"),
    **dict.fromkeys(("lnpre", "layernormpre"), "LNPre"),
    **dict.fromkeys(("rmspre", "rmsnormpre"), "RMSPre"),
    **dict.fromkeys(YES, SOME),
}
_OTHER_ACTIVATIONS = (
    "tanh sigmoid elu selu celu leakyrelu prelu relu6 relu2 squaredrelu relusquared quickgelu mish softplus hardswish "
    "glu geglu swiglu reglu gatedgelu gatedsilu linear identity quadratic square sin"
)
ACTIVATIONS = {
    "relu": "relu",
    **dict.fromkeys(("gelu", "geluapproximatenone"), "gelu"),
    **dict.fromkeys(("gelunew", "gelufast", "gelutanh", "gelupytorchtanh", "geluapproximatetanh", "newgelu"), "gelu_new"),
    **dict.fromkeys(("silu", "swish"), "silu"),
    "solu": "solu",
    "soluln": "solu_ln",
    **{name: name for name in _OTHER_ACTIVATIONS.split()},
}
_DIRECTIONS = {
    **dict.fromkeys(("causal", "autoregressive", "unidirectional", "decoder", "decoderonly"), "causal"),
    **dict.fromkeys(("bidirectional", "noncausal", "unmasked", "nomask", "encoder", "encoderonly"), "bidirectional"),
}
_SIDES = {
    **dict.fromkeys(("uni", "oneway", "lefttoright"), "causal"),
    **dict.fromkeys(("bi", "both", "twoway"), "bidirectional"),
    **dict.fromkeys(("backward", "backwards", "reverse", "reversed", "righttoleft", "anticausal"), "anti-causal"),
}


@dataclass(frozen=True)
class Stated:
    """Keys, in lower case without marks, under which programs state a field of `ModelConfig`, and the meaning of values."""

    field: str
    keys: str
    read: Read


STATED = (
    Stated("attention_dir", "attentiondir attndir attentiondirection attndirection", _word(_DIRECTIONS | _SIDES)),
    Stated(
        "attention_dir",
        "attnmask attentionmask masktype attentiontype attntype attention attn mask masking transformertype architecture arch "
        "direction directional directionality",
        _word(_DIRECTIONS | _SIDES | dict.fromkeys(NO[:1], "bidirectional"), _ignore),
    ),
    Stated(
        "attention_dir",
        "causal iscausal usecausal usecausalmask causalmask causalattention usecausalattention causalattn",
        _flag("causal", "bidirectional"),
    ),
    Stated(
        "attention_dir",
        "maskattention causalmasking autoregressive unidirectional usemask masked usemasking applymask decoderonly useattnmask "
        "maskfuture maskfuturetokens maskfuturepositions futuremask usefuturemask",
        _flag("causal", "bidirectional"),
    ),
    Stated(
        "attention_dir",
        "bidirectional isbidirectional usebidirectional bidir isbidir bidirectionalattention usebidirectionalattention "
        "noncausal nomask encoderonly unmasked",
        _flag("bidirectional", "causal"),
    ),
    Stated(
        "use_attn_scale",
        "useattnscale scaleattn scaleattnweights scaleattention scalescores scaleattnscores scaleqk scaledattn scaledattention "
        "scaledotproduct scaleddotproduct sqrtscale scalebysqrt useattentionscale",
        _flag(True, False),
    ),
    Stated("use_attn_scale", "attnscale attentionscale qkscale", lambda value: NOTHING if value is not False else False),
    Stated("score_divisor", "attnscale", _size),
    Stated("score_divisor", "querypreattnscalar", _root),
    Stated("score_divisor", "softmaxscale attentionmultiplier qkscale", _inverse),
    Stated("normalization", "normalizationtype normtype", _word(_NORMALIZATIONS)),
    Stated("normalization", "normalization norm layernorm lntype ln", _word(_NORMALIZATIONS, _ignore)),
    Stated("normalization", "useln uselayernorm usenorm usenormalization", _flag(SOME, None)),
    Stated("normalization", "prenorm preln normfirst postnorm postln dolayernormbefore", _flag(SOME, NOTHING)),
    Stated(
        "act_fn",
        "actfn acttype activationfn activationfunction hiddenact hiddenactivation nonlinearity feedforwardproj",
        _word(ACTIVATIONS),
    ),
    Stated(
        "act_fn",
        "activation activationtype activationname activationfunc actfunc actname mlpact mlpactivation",
        _word(ACTIVATIONS),
    ),
    Stated("act_fn", "act nonlin", _word(ACTIVATIONS, _ignore)),
    Stated(
        "n_layers",
        "nlayers nlayer numlayers numhiddenlayers nblocks nblock numblocks numtransformerlayers numtransformerblocks "
        "ntransformerlayers ntransformerblocks depth",
        _size,
    ),
    Stated("n_heads", "nheads nhead numheads numattentionheads", _size),
    Stated(
        "n_heads",
        "nkeyvalueheads numkeyvalueheads nkvheads numkvheads kvheads nheadkv nheadskv numheadkv numheadskv numquerygroups "
        "nquerygroups nkvgroups numkvgroups",
        _size,
    ),
    Stated("d_model", "dmodel hiddensize nembd", _size),
    Stated("d_head", "dhead headdim", _size),
    Stated("d_mlp", "dmlp intermediatesize ninner dff dimfeedforward", _size),
    Stated("d_vocab", "dvocab vocabsize", _size),
    Stated("d_vocab_out", "dvocabout", _size),
    Stated("n_ctx", "nctx npositions maxpositionembeddings", _size),
    Stated(
        "eps", "eps epsilon layernormeps layernormepsilon lneps rmsnormeps rmsnormepsilon rmseps normeps normepsilon", _size
    ),
)
# features that no family can declare: keys, and values for "absent", besides none, false, and numbers up to 0
UNKNOWN_HERE: Mapping[str, tuple[str, ...]] = {
    "positionalembeddingtype positionembeddingtype posembtype posembeddingtype posembedtype positionalencoding posencoding "
    "positionencoding positionalencodingtype posenctype positiontype pe positionalembedding positionalembeddings "
    "positionembedding posembedding posembed posemb posenc petype usepe": (
        *("standard", "absolute", "learned", "learnedabsolute", "learnable", "trainable", "embedding", "default", *YES),
    ),
    "rotary userotary userotaryemb userope rope rotarydim rotarypct rotaryfraction rotaryembbase rotaryembfraction ropetheta "
    "ropebase ropescaling ropetype ropeparameters partialrotaryfactor alibi usealibi shortformer userelpos "
    "relpos userelativeposition relativeposition relativepositions userelativepositions relativeattention "
    "maxrelativeposition maxrelativepositions": (),
    "attnonly attentiononly nomlp disablemlp withoutmlp": (),
    "parallelattnmlp useparallelresidual parallelresidual parallelattn parallelblock parallelblocks gatedmlp useglu useswiglu "
    "usegatedmlp glu postembeddingln usenormalizationbeforeandafter scaleembedding scaleembeddings scaleembeds scaleemb "
    "postnorm postln applyresidualconnectionpostlayernorm sandwichnorm residualpostnorm deepnorm noresidual addcrossattention "
    "isencoderdecoder": (),
    "attnscoressoftcap attnlogitsoftcapping attnlogitsoftcap attnsoftcap attnlogitcap attnsoftcapping outputlogitssoftcap "
    "finallogitsoftcapping finallogitsoftcap logitsoftcapping logitsoftcap logitssoftcap logitcap softcap softcapping "
    "attentionsoftcap attentionlogitcap clipqkv qkclip": (),
    "useqknorm qknorm qklayernorm qkln querykeynorm qklnorm normalizeqk normqk cosineattention cosineattn l2attention "
    "rmsnormusesoffset numexperts numlocalexperts relativeattentionnumbuckets scaleattnbyinverselayeridx scalebydmodel "
    "scaleattnbydmodel mup usemup softmaxone usesoftmaxone softmax1 softmaxoffbyone softmaxplusone attnsink attnsinks "
    "attentionsink attentionsinks numsinktokens addzeroattn addbiaskv linearattention linearattn uselinearattention "
    "sparseattention talkingheads attntemperaturetuning diffattn differentialattention kvlorarank qlorarank "
    "uniformattention uniformattn constantattention constantattn": (),
}


def plain(key: str) -> str:
    """`key` in lower case, without marks between its words."""
    return re.sub(r"[^a-z0-9]", "", key.lower())
