"""Statements about the function of weights that no family can declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from headlapse.importing.architecture_keys import NO, STATED, UNKNOWN_HERE, plain
from headlapse.importing.architecture_words import is_in_attention, names_window, shares_layers, states_feature
from headlapse.importing.facts import Fact, Stated
from headlapse.importing.masks import OTHER
from headlapse.importing.words import listed
from headlapse.models.config import ModelConfig

OF_LAYERS = listed("attntypes attentiontypes layertypes attentionlayers attntype attentiontype attention attn layertype mask")
LOCAL = listed(
    "local localattention slidingattention sliding slidingwindow slidingwindowattention window windowed chunked "
    "chunkedattention"
)
OF_WINDOWS = listed(
    "windowsize slidingwindow slidingwindowsize window localwindow localwindowsize attentionwindow attnwindow attnwindowsize "
    "attentionwindowsize localattentionwindow localattnwindow attentionchunksize attnchunksize attentionspan maxattentionspan "
    "swawindow swawindowsize causalwindow contextwindow blocksize bandwidth lookback"
)
OF_FACTORS = listed(  # usually 1
    "softmaxtemperature attntemperature attentiontemperature temperature softmaxtemp attntemp logitscale logitsscaling "
    "logitmultiplier outputmultiplier embeddingmultiplier embeddingscale embedscale residualmultiplier residualscale "
    "attnoutputmultiplier numkeyvaluegroups"
)
OF_SAMPLING = listed("dosample topp numbeams maxnewtokens")  # beside these, a temperature is that of a sampler
OF_MASKS = listed("attnmask attentionmask masktype mask masking")
OF_MLPS = listed("usemlp mlp hasmlp withmlp useffn")
OF_PARTS = OF_MLPS | listed(  # false means that a part of the weights is not used
    "useposembed useposemb usepositionalembedding usepositionalembeddings usepositionembedding usepositionalencoding "
    "useposenc usepos usepositions residual useresidual useresiduals residualconnection residualconnections skipconnection "
    "skipconnections useskip useskipconnections skip softmax usesoftmax allowself attendself attendtoself"
)
OF_POSITIONS = listed(next(iter(UNKNOWN_HERE)))
KINDS: Mapping[frozenset[str], frozenset[str]] = {  # keys, and the texts for what is computed
    listed(
        "attnfn attentionfn attnfunction attentionfunction softmaxfn softmaxtype attnactivation attentionactivation "
        "attnnonlinearity attentionkind attnkind attentionmechanism attnmechanism attentiontype attntype attention attn"
    ): LOCAL
    | listed(
        "softmax full global standard default vanilla multihead multiheadattention mha self selfattention fullattention "
        "dotproduct scaleddotproduct scaleddotproductattention dot scaled sdpa flash flashattention flashattention2 eager math "
        "xformers memefficient torch pytorch causal causalattention causalselfattention autoregressive unidirectional decoder "
        "decoderonly bidirectional noncausal unmasked nomask encoder encoderonly none null true yes on 1"
    ),
    listed(
        "attnscale attentionscale softmaxscale scaletype attnscaling attentionscaling attnscaletype attentionscaletype "
        "attnscalingtype attentionscalingtype scoresscale scorescale"
    ): listed(
        "default standard sqrt rsqrt sqrtdhead sqrtheaddim sqrtdk sqrtd 1sqrtdhead 1sqrtdk 1sqrtd invsqrt inversesqrt auto true"
    ),
    listed("mlptype ffntype feedforwardtype"): listed(
        "mlp standard default vanilla dense ffn feedforward relu gelu silu gelunew"
    ),
    listed("normposition normplacement lnposition normlocation layernormposition"): listed(
        "pre before first prenorm preln none"
    ),
}
OF_PLACE = listed("prenorm preln normfirst dolayernormbefore")
OF_ROTATION = listed("rotarybase rotaryadjacentpairs")  # TransformerLens states them in every configuration
OF_RESIDUALS = listed("mlpresidual attnresidual attentionresidual ffnresidual usemlpresidual useattnresidual mlpskip attnskip")
OF_SPLITS = listed("mpworldsize modelparallelsize tensormodelparallelsize pipelinemodelparallelsize")
OF_MIXTURES = listed(  # 'The Clock and the Pizza' mixes softmax with uniform attention; its programs differ in the direction
    "attncoeff attncoef attncoefficient attentioncoeff attentioncoef attentioncoefficient attnrate attentionrate attnmix "
    "attentionmix attnmixing attentionmixing attnalpha attentionalpha"
)


def beyond(fact: Fact, config: ModelConfig, facts: Iterable[Fact]) -> Iterator[str]:
    """The statements in a fact that no family can declare, in words."""
    key, values = plain(fact.key), values_of(fact.value)
    for keys, usual in UNKNOWN_HERE.items():
        names = keys.split()
        is_meant = key in names or _is_inside(fact, names)
        if is_meant and not (key == "attnonly" and not config.d_mlp) and not all(is_left_out(value, usual) for value in values):
            yield f"no family declares {'another than ' + usual[0] if usual else 'it'}"
    if key in ("mask", "ignore") and values == [OTHER]:
        yield "no family declares it"
    if _is_local(key, values, config) or (key not in KNOWN and names_window(fact.key) and _is_short(values, config)):
        yield f"no family declares it: attention reaches over all {config.n_ctx} positions"
    if key == "finalrms" and values == [True] and config.normalization not in ("RMS", "RMSPre"):
        yield f"the last normalization is {config.normalization!r} like the others"
    if key not in KNOWN and any(states_feature(fact.key, it, fact.where) or is_in_attention(it, fact.where) for it in values):
        yield "no family declares it"
    if config.n_layers == 1 and any(shares_layers(fact.key, value) for value in values):
        yield "the family's models apply their layer once"
    beside = {plain(other.key) for other in facts if (other.path, other.where) == (fact.path, fact.where)}
    yield from _unusual(key, values, config, beside)


def values_of(stated: Stated) -> list[Any]:
    """The values in a list, or the only value."""
    return list(stated) if isinstance(stated, tuple) else [stated]


def _is_local(key: str, values: list[Any], config: ModelConfig) -> bool:
    if key in OF_LAYERS and any(plain(str(value)) in LOCAL for value in values):
        return True
    if key in OF_WINDOWS and _is_short(values, config):
        return True
    return key in ("uselocalattn", "uselocalattention", "localattention") and not all(is_left_out(v) for v in values)


def _unusual(key: str, values: list[Any], config: ModelConfig, beside: set[str]) -> Iterator[str]:
    """Values other than those for what is computed."""
    if key in OF_FACTORS and any(_is_factor(value) for value in values) and beside.isdisjoint(OF_SAMPLING):
        yield "no family declares another than 1"
    if key in OF_PARTS and (config.d_mlp or key not in OF_MLPS) and any(plain(str(value)) in (*NO, "0.0") for value in values):
        yield "the family's models have it"
    if key in OF_RESIDUALS and any(plain(str(value)) in (*NO, "0.0") for value in values):
        yield "the family's models have it"
    if key in OF_POSITIONS and any(value is not None and plain(str(value)) in (*NO, "none") for value in values):
        yield "the family's models have it"
    if key in OF_MIXTURES and not all(value is None or plain(str(value)) in ("none", "null", "") for value in values):
        yield "no family mixes attention with uniform attention; if this value means ordinary attention, remove it"
    is_off = any(str(value).lower() in ("none", "no", "off") for value in values if isinstance(value, str))
    if key in OF_MASKS and is_off and config.attention_dir == "causal":
        yield "the family's models have attention_dir 'causal'"
    for keys, usual in KINDS.items():
        if key in keys and any(isinstance(value, str) and plain(value) not in usual for value in values):
            yield "no family declares it"
    if key in OF_ROTATION and beside.isdisjoint(OF_POSITIONS) and not all(is_left_out(value) for value in values):
        yield "no family declares it"
    if key in OF_SPLITS and any(isinstance(value, int) and value > 1 for value in values):
        yield "only the weights of a whole model can be read"
    if key in OF_PLACE and config.normalization is not None and any(plain(str(value)) in NO for value in values):
        yield "the family's models normalize before each part"


def _is_inside(fact: Fact, names: list[str]) -> bool:
    """Whether it is a part of a feature, such as the type in rope_scaling."""
    return fact.where != "" and plain(fact.where.rpartition(".")[2]) in names


def is_left_out(value: object, usual: tuple[str, ...] = ()) -> bool:
    """Whether `value` says that a feature is absent, or has its `usual` form."""
    if isinstance(value, int | float) and not (isinstance(value, bool) and usual):
        return value <= 0 or bool(usual)
    return value is None or plain(str(value)) in (*usual, "none", "null", "", *NO)


def _is_short(values: list[Any], config: ModelConfig) -> bool:
    """Whether one of the values is a number of positions that is less than all."""
    return any(isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < config.n_ctx for value in values)


def _is_factor(value: object) -> bool:
    """Whether it is a number other than 1, or true for one that is not stated."""
    return value is True or (isinstance(value, int | float) and not isinstance(value, bool) and value not in (0, 1))


KNOWN = (
    frozenset(key for stated in STATED for key in stated.keys.split())
    | frozenset(key for keys in UNKNOWN_HERE for key in keys.split())
    | OF_LAYERS
    | OF_WINDOWS
    | OF_FACTORS
    | OF_PARTS
    | OF_RESIDUALS
    | OF_MIXTURES
    | OF_ROTATION
    | listed("uselocalattn uselocalattention finalrms")
    | frozenset(key for keys in KINDS for key in keys)
)
