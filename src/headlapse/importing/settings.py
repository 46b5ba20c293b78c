"""The settings of an imported variant: given, stated beside the weights, or derived from the size of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from headlapse.errors import InvalidValueError, shown
from headlapse.families import Family
from headlapse.families.spec import Setting
from headlapse.importing.facts import Fact, Stated
from headlapse.importing.words import listed, words_in

OTHER_NAMES: Mapping[str, tuple[str, ...]] = {  # in lower case, without _ and -
    "prime": ("p", "mod", "modulus"),
    "train_fraction": ("trainingfraction", "trainfrac", "fractrain", "fractiontrain", "trainingfrac", "trainratio", "frac"),
    "weight_decay": ("wd", "l2"),
    "lr": ("learningrate",),
    "seed": ("modelseed", "initseed"),
    "data_seed": ("dataseed", "splitseed", "dseed"),
    "beta1": ("adambeta1",),
    "beta2": ("adambeta2",),
    "n_heads": ("numheads", "nhead", "heads", "numattentionheads"),
}
BETAS = ("betas", "adambetas", "adamwbetas")
EPOCHS = listed("epochs numepochs nepochs maxepochs numtrainepochs maxsteps numsteps nsteps totalsteps maxiters")

OPERATIONS = listed(
    "operation op fn fn_name function func operator equation formula expression task task_name dataset problem group group_name"
)


OF_CONFIGS = listed("config cfg configuration args arguments hparams hyperparameters settings params parameters options conf")
# parts of a file that state no settings of a run
NO_SETTINGS = listed(
    "metric metrics stat stats loss losses result results history log logs logger logging summary wandb eval evaluation "
    "dropout drop act activation norm embed embedding regularization augmentation noise sampler sampling probe probes sae"
)
OF_DATA = listed("data dataset datasets dataloader loader")  # parts in which a seed is not that of the weights


class Settings:
    """The known settings of a family, and statements that could not be used, in words."""

    def __init__(self, family: Family, facts: Iterable[Fact], given: Mapping[str, Setting]) -> None:
        self.family = family
        self.known = family.check(given)
        self.notes: list[str] = []
        self._whence: dict[str, Fact] = {}
        self._tokens_of: dict[str, int] = {}  # settings that follow from the number of tokens
        stated = list(facts)
        for name in family.settings:
            if name not in self.known:
                self._take(name, [fact for fact in stated if name in names_of(fact)] + _betas(name, stated))
        elsewhere = [str(fact) for fact in stated if (_names(fact) - names_of(fact)) & set(family.settings)]
        if elsewhere:
            self.notes.append(f"in parts that state no settings, and not used: {', '.join(dict.fromkeys(elsewhere))}")

    def _take(self, name: str, facts: Sequence[Fact]) -> None:
        """The first value that the family allows, preferring the setting's own name; a line for each that it does not allow."""
        for fact in sorted(facts, key=lambda fact: fact.key != name):
            value = _one(fact.value)
            if isinstance(value, float) and value.is_integer() and self.family.settings[name].type == "integer":
                value = int(value)
            if fact.value is None:
                continue
            is_name = self.family.settings[name].type == "choice"
            if value is None or isinstance(value, bool) or isinstance(value, str) != is_name:
                self.notes.append(f"{fact} is not used: {name} is one {'name' if is_name else 'number'}")
            elif name in self.known:
                if value != self.known[name]:
                    self.notes.append(f"{fact} is not used: {name} is {self.known[name]} already")
            else:
                self._check(name, value, fact)

    def _check(self, name: str, value: Setting, fact: Fact) -> None:
        try:
            self.known[name] = self.family.settings[name].check(name, value)
            self._whence[name] = fact
        except InvalidValueError:
            self.notes.append(f"{fact} is not used: the family's {name} is {self.family.settings[name].allowed}")

    def complete(self, shape: Mapping[str, int]) -> dict[str, Setting]:
        """The settings in the family's order, with the parameter that follows from the vocabulary of the weights."""
        missing = [name for name in self.family.spec.domain_parameters if name not in self.known]
        for name in missing:
            value = self._seen(name, shape)
            if value is not None:
                self.known[name] = value
                self._tokens_of[name] = shape["d_vocab"]
        return {name: self.known[name] for name in self.family.settings if name in self.known}

    def whence(self, name: str) -> str:
        """The number of tokens from which a setting follows; empty if it is given or stated."""
        return f" (from {self._tokens_of[name]:,} tokens)" if name in self._tokens_of else ""

    def in_words(self, known: Mapping[str, Setting]) -> str:
        """Every setting with its value and, if a file states it, that file."""
        stated = {name: f" ({fact.path.name} states {fact.key} {shown(fact.value)})" for name, fact in self._whence.items()}
        return ", ".join(f"{name} {value}{stated.get(name, '')}" for name, value in known.items())

    def _seen(self, name: str, shape: Mapping[str, int]) -> int | None:
        """The only value of an integer parameter with which the task has as many tokens as the weights."""
        spec = self.family.settings[name]
        if spec.type != "integer":
            return None
        least, most = (spec.minimum or 1), min(spec.maximum or shape["d_vocab"], shape["d_vocab"])
        fitting = [value for value in range(int(least), int(most) + 1) if self._tokens(name, value) == shape["d_vocab"]]
        return fitting[0] if len(fitting) == 1 else None

    def _tokens(self, name: str, value: int) -> int | None:
        defaults = {other: spec.default for other, spec in self.family.settings.items()}
        try:
            return self.family.task.vocabulary({**defaults, **self.known, name: value}).d_vocab
        except (ValueError, ArithmeticError, LookupError):  # the task does not allow this value
            return None


def names_of(fact: Fact) -> frozenset[str]:
    """The settings that a fact's key may mean in its place: its own name, and names that others use."""
    found = _names(fact)
    for part in reversed(fact.where.split(".")):
        words = words_in(part)
        if words & OF_CONFIGS:
            break
        if words & NO_SETTINGS:
            return frozenset()
        found -= {"seed"} if words & OF_DATA else frozenset()
    return found


def _names(fact: Fact) -> frozenset[str]:
    plain = _plain(fact.key)
    return frozenset((fact.key, *(name for name, others in OTHER_NAMES.items() if plain == _plain(name) or plain in others)))


def is_setting(fact: Fact) -> bool:
    """Whether a fact's key is the name of a usual setting."""
    return len(_names(fact)) > 1 or fact.key in OTHER_NAMES or _plain(fact.key) in BETAS


def names_operation(fact: Fact) -> bool:
    """Whether a fact's key is one for the operation that a model learns."""
    around = fact.where.lower().rpartition(".")[2]
    return fact.key.lower() in OPERATIONS or (fact.key.lower() in ("name", "type") and around in OPERATIONS)


def stated_epochs(facts: Iterable[Fact]) -> list[int]:
    """Numbers of epochs or steps stated by a source."""
    return [fact.value for fact in facts if _plain(fact.key) in EPOCHS and type(fact.value) is int]


def _betas(name: str, facts: Iterable[Fact]) -> list[Fact]:
    """Both of Adam's betas if they are stated as a pair."""
    if name not in ("beta1", "beta2"):
        return []
    pairs = [fact for fact in facts if _plain(fact.key) in BETAS and isinstance(fact.value, tuple) and len(fact.value) == 2]
    return [fact._replace(value=fact.value[int(name[-1]) - 1]) for fact in pairs if isinstance(fact.value, tuple)]


def _one(value: Stated) -> Setting | bool | None:
    """A scalar, or the only value in a list."""
    if isinstance(value, tuple):
        return value[0] if value and all(item == value[0] for item in value) else None
    return value


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())
