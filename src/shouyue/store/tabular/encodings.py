"""Decides the encoding of a text from counts over the whole of it."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

# A system that cuts text by bytes leaves half hanzi: so few bad characters cost their rows, more refuse the
# file. Tried on text in 10 other encodings: Cyrillic in KOI8-R comes closest, with 8 % bad.
_UTF8_BAD_SHARE_MAX = 0.1
_GB18030_BAD_SHARE_MAX = 0.03
# Traditional Chinese and given names reach 50 % of frequent hanzi, Big5 19 %, ISO 8859-5 28 %.
_FREQUENT_SHARE_MIN = 0.4
_KANA_SHARE_MAX = 0.05
_KOREAN_FROM = 20
_KOREAN_LATE_SHARE_MAX = 0.05
_HOPELESS_FROM = 10_000  # characters after which a text that is mostly damaged needs no more counting
_ESCAPES = [chr(code) for code in range(0xDC80, 0xDD00)]  # how "surrogateescape" marks bytes it cannot decode


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name, and whether every byte of the file decodes with it."""

    codec: str
    is_clean: bool = True

    @property
    def errors(self) -> str:
        """The error handler to read with; undecodable bytes become lone surrogates."""
        return "strict" if self.is_clean else "surrogateescape"


def is_utf8_with_faults(counts: Counter[str]) -> bool:
    """Whether a text decoded as UTF-8 is UTF-8 with a few damaged places. counts: its non-ASCII characters."""
    bad, good = _bad_and_good(counts)
    return bad <= _UTF8_BAD_SHARE_MAX * (bad + good)


def is_gb18030(counts: Counter[str]) -> bool:
    """Whether a text decoded as GB18030 is Chinese: GB18030 gives some character to nearly any bytes.

    counts: its non-ASCII characters, undecodable bytes as lone surrogates. True if hardly any is damaged, many
    are punctuation or the 3,755 frequent hanzi of GB 2312, and kana (as in Japanese EUC-JP) are few.
    Frequent hanzi lie in GB 2312 by pinyin, the syllables of Korean EUC-KR on the first half of the same
    codes: many characters without hanzi from the second half are Korean. Japanese written without any kana
    is not told apart.
    """
    bad, good = _bad_and_good(counts)
    frequent, late = _count(counts, "frequent"), _count(counts, "late")
    return (
        bad <= _GB18030_BAD_SHARE_MAX * (bad + good)
        and frequent + _count(counts, "marks") >= _FREQUENT_SHARE_MIN * good
        and _count(counts, "kana") <= _KANA_SHARE_MAX * good
        and (frequent < _KOREAN_FROM or late >= _KOREAN_LATE_SHARE_MAX * frequent)
    )


def is_hopeless(counts: Counter[str]) -> bool:
    """Whether the start of a text has shown enough damage to rule its encoding out."""
    bad, good = _bad_and_good(counts)
    return bad + good >= _HOPELESS_FROM and bad > _UTF8_BAD_SHARE_MAX * (bad + good)


def has_faults(counts: Counter[str]) -> bool:
    """Whether some byte could not be decoded."""
    return _bad_and_good(counts)[0] > 0


def _bad_and_good(counts: Counter[str]) -> tuple[int, int]:
    bad = sum(counts[char] for char in _ESCAPES)
    return bad, counts.total() - bad


def _count(counts: Counter[str], group: str) -> int:
    return sum(count for char, count in counts.items() if char in _group(group))


@cache
def _group(group: str) -> frozenset[str]:
    """A group of GB 2312's characters: its rows are the lead bytes, its cells the second bytes A1 to FE."""
    first, last = {
        "marks": (0xA1, 0xA3),
        "kana": (0xA4, 0xA5),
        "frequent": (0xB0, 0xD7),
        "late": (0xC9, 0xD7),
    }[group]
    pairs = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in range(0xA1, 0xFF))
    return frozenset(char for pair in pairs if (char := pair.decode("gb2312", "ignore")))
