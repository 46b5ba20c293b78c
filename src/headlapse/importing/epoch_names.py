"""Numbers in the name of a file, a folder or a key, and the choice of the epoch among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from headlapse.errors import HeadlapseError
from headlapse.importing.words import listed

# words before an epoch, best first; a word may end in one, as `global_step` and `modelEpoch` do
WORDS = ("epoch", "epochs", "ep", "step", "steps", "iteration", "iterations", "iter", "it", "checkpoint", "ckpt", "e")
ENDINGS = ("epoch", "step", "iteration", "iter", "checkpoint", "ckpt")
# words before a number that is something else
SETTINGS = listed(
    "p prime mod modulus frac fraction wd decay lr rate seed seeds dseed loss losses acc accuracy val valid train test "
    "err error "
    "beta b beta1 beta2 eps d dim dmodel model_dim width depth layers layer l heads head h mlp n nctx ctx vocab batch bs size "
    "v ver version run exp trial fold part copy try gpu cuda rank node worker shard job fp bf int float gpt top k of "
    "max total warmup num every best tokens token tok samples sample examples example sequences percent pct time min minutes "
    "sec seconds hour hours day phase stage round cycle"
)
DEVICES = listed("a rtx gtx bfloat tf cu py")  # right before a number, as in a100 and bfloat16
QUALIFIERS = listed("max total warmup num n every save eval log per")
_DATE = re.compile(
    r"(?<![0-9])(19|20)[0-9]{2}(?P<mark>[-_.]?)(0[1-9]|1[0-2])(?P=mark)(0[1-9]|[12][0-9]|3[01])"
    r"([T_ -]{1,3}[0-2][0-9][-_.:h]?[0-5][0-9]([-_.:m]?[0-5][0-9])?)?(?![0-9])"  # a time of day
    r"|(?<![0-9])[0-2]?[0-9]h[0-5][0-9](m([0-5][0-9]s?)?)?(?![0-9])"  # only a time of day
    r"|(?<![0-9])1[0-9]{9}([0-9]{3}){0,3}(\.[0-9]+)?(?![0-9])"  # seconds since 1970, or parts of them
)
# a part of a hash: digits and letters in turn
_HASH = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9a-f]*[0-9][a-f])(?=[0-9]*[a-f][a-f0-9]*[0-9])(?=[0-9e]*[abcdf])[0-9a-f]{7,}(?![0-9A-Za-z])"
)
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?)"
)
_DAY = re.compile(  # with the day first, or the month in letters
    r"(?<![0-9])(0?[1-9]|[12][0-9]|3[01])(?P<mark>[-_.])(0?[1-9]|1[0-2])(?P=mark)(19|20)[0-9]{2}(?![0-9])"
    rf"|(?<![A-Za-z]){_MONTH}[-_. ]?[0-9]{{1,2}}(?![0-9])([-_. ,]{{0,2}}(19|20)[0-9]{{2}}(?![0-9]))?"
    rf"|(?<![0-9])[0-9]{{1,2}}[-_. ]?{_MONTH}(?![A-Za-z])([-_. ]?(19|20)[0-9]{{2}}(?![0-9]))?",
    re.IGNORECASE,
)
# a number of something else, such as 10min, or a calculation, such as 2^10
_AMOUNT = re.compile(
    r"(?<![0-9.])[0-9][0-9.,]*[kKMB]?(?:%|(?:pct|percent|mins?|minutes|s|secs?|seconds|h|hrs?|hours?|days?|tokens|toks?|samples|"
    r"examples|params)(?![A-Za-z]))|(?<![0-9])[0-9]+(?:\^|\*\*?|[xX\u00d7])[0-9]+",
)
_COPY = re.compile(r"\s*\([^)]*\)$")
_ENDING = re.compile(r"\.(?:[A-Za-z]+|h5|t7|pt2|7z)$", re.ASCII)
_PART = re.compile(
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?:[kKM](?![A-Za-z]))?)"
    r"|(?P<word>[A-Z]?[a-z]+|[A-Z]+(?![a-z]))",
    re.ASCII,
)
# thousands written with another mark than a comma; without a mark of its own, 2_500 may also be 2 and 500
_THOUSANDS = re.compile(
    r"[1-9][0-9]{0,2}(?P<groups>(?P<mark>[_ .'\u00a0\u202f])[0-9]{3}(?:(?P=mark)[0-9]{3})*)"
    r"(?![0-9]|[eE][+-]?[0-9]|[kKM](?![A-Za-z]))",
    re.ASCII,
)
_PADDED = re.compile("[^.,0-9]0[0-9]0")  # a group that is hardly a number of its own
FACTORS = {"k": 1_000, "K": 1_000, "M": 1_000_000}


class Numbered(NamedTuple):
    """A number in a name. `rank` orders how likely it is an epoch; `word` is the word before it.

    `is_joined` means that it consists of groups that may also be several numbers.
    """

    text: str
    value: int
    rank: int
    word: str
    is_joined: bool = False

    def __str__(self) -> str:
        return f"{self.word} {self.text}" if self.word else self.text


class AmbiguousError(HeadlapseError):
    """Several numbers in a name may be the epoch."""

    def __init__(self, candidates: Sequence[Numbered]) -> None:
        found = list(dict.fromkeys(str(candidate) for candidate in candidates))
        is_alone = len(found) == 1 and candidates[0].is_joined
        super().__init__(" or ".join([*found, *(["a number with decimals"] if is_alone else [])]))


BARE, ATTACHED = len(WORDS), len(WORDS) + 1  # after the words: a number on its own, and one at the end of another word


def numbers_in(name: str, is_grouped: bool = False) -> list[Numbered]:
    """The whole numbers in `name` that may be an epoch, without those of settings, losses, dates, times, hashes and copies.

    `is_grouped` means that thousands are marked, as in 1_500; otherwise both readings are given unless 000 shows the mark.
    """
    numbers = [found for found in _numbers(plain_name(name), is_grouped) if found is not None]
    return sorted(numbers, key=lambda number: number.is_joined)


def epoch_in(name: str) -> int | None:
    """The epoch in `name`; None if it has no number. Raises `AmbiguousError` if there are several candidates."""
    best = _best(numbers_in(name))
    if len({number.value for number in best}) > 1 or any(number.is_joined for number in best):
        raise AmbiguousError(best)
    return best[0].value if best else None


def epochs_in(names: Sequence[str]) -> list[int | None]:
    """The epoch in each of several names; if one name is ambiguous, the number that varies.

    None if a name has no number. Raises `AmbiguousError`.
    """
    is_grouped = any(_is_grouped(name) for name in names)
    numbers = [numbers_in(name, is_grouped) for name in names]
    best = [_best(of_name) for of_name in numbers]
    reason = next((AmbiguousError(of_name) for of_name in best if len({number.value for number in of_name}) > 1), None)
    single = [of_name[0].value if of_name else None for of_name in best]
    for of_name in best:
        if any(number.is_joined for number in of_name):
            raise reason or AmbiguousError(of_name)
    if reason is None and _all_differ([epoch for epoch in single if epoch is not None]):
        return single
    found = _varying([of_name for of_name in numbers if of_name], reason)
    if found is None:
        return single
    columns = iter(found)
    return [next(columns) if of_name else None for of_name in numbers]


def _best(numbers: Sequence[Numbered]) -> list[Numbered]:
    """The numbers of the best rank."""
    return [number for number in numbers if number.rank == min(number.rank for number in numbers)]


def _is_grouped(name: str) -> bool:
    """Whether a padded group shows that thousands are marked."""
    return any(number.value >= 1000 and _PADDED.search(number.text) for number in numbers_in(name))


def _varying(numbers: Sequence[Sequence[Numbered]], reason: AmbiguousError | None) -> list[int] | None:
    """The numbers at the only place where all names differ; None if there is no such place and each name was clear."""
    columns = [_by_place(of_name) for of_name in numbers]
    shared = set.intersection(*(set(column) for column in columns)) if columns else set()
    places = sorted(place for place in shared if _all_differ([column[place].value for column in columns]))
    best = [place for place in places if place[0] == places[0][0]]
    if len(best) == 1:
        return [column[best[0]].value for column in columns]
    if best:
        raise AmbiguousError([columns[0][place] for place in best])
    if reason is not None:
        raise reason
    return None


def _by_place(numbers: Sequence[Numbered]) -> dict[tuple[int, int], Numbered]:
    """Numbers by rank, and by their order among those of the same rank."""
    found: dict[tuple[int, int], Numbered] = {}
    for number in numbers:
        found[number.rank, sum(rank == number.rank for rank, _ in found)] = number
    return found


def _all_differ(values: Sequence[int]) -> bool:
    return len(set(values)) == len(values)


def plain_name(name: str) -> str:
    """`name` without its endings, dates, times, hashes, amounts of something else and calculations."""
    plain = _without_endings(name)
    for pattern in (_DATE, _DAY, _HASH, _AMOUNT):
        plain = pattern.sub("_", plain)
    return plain


def _without_endings(name: str) -> str:
    stem = name
    while len(shorter := _ENDING.sub("", stem)) < len(stem) and shorter:
        stem = shorter
    return _COPY.sub("", stem)


def _numbers(stem: str, is_grouped: bool) -> Iterator[Numbered | None]:
    words: list[str] = []
    after_number = False
    end = skipped = 0
    for part in _PART.finditer(stem):
        if part.start() < skipped:
            end = part.end()
            continue
        is_attached = part.start() == end and not after_number
        end = part.end()
        if part["word"]:
            words = [*([] if after_number else words), part["word"].lower()]
            after_number = False
            continue
        before = stem[part.start() - 1 : part.start()]
        is_negative = before == "-" and stem[part.start() - 2 : part.start() - 1] in ("=", ":", "_", " ")
        own = [] if after_number else words
        joined = None if is_negative else _joined(stem, part.start(), own, is_attached and bool(words))
        if joined is not None and _is_certain(joined, is_grouped):
            skipped = part.start() + len(joined.text)
            yield joined._replace(is_joined=False)
        else:
            yield None if is_negative else _judge(part["number"], own, is_attached and bool(words))
            yield joined
        after_number = True


def _joined(stem: str, start: int, words: Sequence[str], is_attached: bool) -> Numbered | None:
    """The groups of digits from `start` on as one number; None if there are none, or they cannot be an epoch."""
    match = _THOUSANDS.match(stem, start)
    found = None if match is None else _judge(re.sub("[^0-9]", "", match[0]), words, is_attached)
    if match is None or found is None or found.rank == ATTACHED or (match["mark"] == "." and found.rank >= BARE):
        return None
    return found._replace(text=match[0], is_joined=True)


def _is_certain(joined: Numbered, is_grouped: bool) -> bool:
    """Whether groups of digits are one number. After a dot they may be decimals, as in 12.000."""
    return "." not in joined.text and (is_grouped or _PADDED.search(joined.text) is not None)


def _judge(text: str, words: Sequence[str], is_attached: bool) -> Numbered | None:
    """The interpretation of a number after `words`; None if it is not an epoch."""
    value = _whole(text)
    word = words[-1] if words else ""
    rank = _rank(word, words[-2] if len(words) > 1 else "", is_attached)
    is_epoch_alone = "e" not in text.lower() and "M" not in text and ("." not in text or text[-1] in "kK")
    if value is None or rank is None or (rank >= BARE and not is_epoch_alone):  # 10M is a number of parameters or tokens
        return None
    return Numbered(text, value, rank, word)


def _rank(word: str, before: str, is_attached: bool) -> int | None:
    if word == "e" and not is_attached:
        return BARE
    if word in WORDS or word.endswith(ENDINGS):
        if before in QUALIFIERS:
            return None
        return WORDS.index(word) if word in WORDS else WORDS.index(next(end for end in ENDINGS if word.endswith(end)))
    if word in SETTINGS or (is_attached and word in DEVICES):
        return None
    return ATTACHED if is_attached else BARE


def _whole(text: str) -> int | None:
    number = text.rstrip("kKM").replace(",", "")
    try:
        value = float(number) if "." in number or "e" in number.lower() else int(number)
    except (ValueError, OverflowError):
        return None
    value = value * FACTORS.get(text[-1], 1)
    return int(value) if abs(value) <= 10**18 and value == int(value) else None
