"""What a source tells of its products, categories, stores and channels, and the ids that its codes stand for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from shouyue.kernel.ids import keyed_hex, keyed_id, source_namespace

CODE_MAX, NAME_MAX, UNIT_MAX, CITY_MAX = 80, 300, 20, 80
DEPTH_MAX: Final = 6
# Between the names of a category and of those above it, as files and programs may write it.
PATH_MARK: Final = ">"
# A name that was read from no sale: any sale knows better.
NEVER_SOLD: Final = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryTold:
    """None: not told, what is known stays. parent: the code of the category above; "" for none."""

    code: str
    name: str | None = None
    name_en: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTold:
    """None: not told, what is known stays. category: its code; "" for none. list_price_e4: in 1/10,000 of a unit."""

    code: str
    name: str | None = None
    name_en: str | None = None
    category: str | None = None
    unit: str | None = None
    list_price_e4: int | None = None
    currency: str | None = None
    is_active: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreTold:
    """None: not told, what is known stays."""

    code: str
    name: str | None = None
    name_en: str | None = None
    city: str | None = None
    is_active: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTold:
    """None: not told, what is known stays."""

    code: str
    name: str | None = None
    name_en: str | None = None
    is_active: bool | None = None


Told = CategoryTold | ProductTold | StoreTold | ChannelTold


def said(told: Told) -> dict[str, Any]:
    """What is told besides the code, by name."""
    named = (one.name for one in fields(told) if one.name != "code")
    return {name: value for name in named if (value := getattr(told, name)) is not None}


class CategoryCircleError(ValueError):
    """A category would stand below itself, or deeper than DEPTH_MAX. code: of that category."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def check_tree(parents: Mapping[str, str], codes: Sequence[str]) -> None:
    """Follow the parents of these codes up to the top. parents: code -> code above, "" for none.

    Raises CategoryCircleError.
    """
    for code in codes:
        above, seen = code, 0
        while above := parents.get(above, ""):
            seen += 1
            if above == code or seen >= DEPTH_MAX:
                raise CategoryCircleError(code)


def path_told(path: str, path_en: str = "") -> list[CategoryTold]:
    """The categories of "Home > Bath", the topmost first; the code of each is the path down to it.

    path_en: the same in English; names that it lacks are not told.
    """
    names, english = _steps(path), _steps(path_en)
    english += [""] * (len(names) - len(english))
    told, code = [], ""
    for name, name_en in zip(names, english, strict=False):
        above, code = code, f"{code} {PATH_MARK} {name}" if code else name
        told.append(CategoryTold(code=code, name=name, name_en=name_en or None, parent=above))
    return told


def _steps(path: str) -> list[str]:
    return [step for part in path.replace("＞", PATH_MARK).split(PATH_MARK) if (step := part.strip())]


@lru_cache(maxsize=64)
def product_ids(source: str) -> Callable[[str], str]:
    """From the source's item codes to ids of products, as 32 hexadecimal digits."""
    namespace = source_namespace(f"{source}:product")

    @lru_cache(maxsize=16_384)
    def product_id(code: str) -> str:
        return keyed_hex(namespace, code)

    return product_id


def entry_id(kind: str, source: str, code: str) -> UUID:
    """The id of an entry. kind: product, category, store or channel."""
    return keyed_id(_namespace(kind, source), code)


@lru_cache(maxsize=256)
def _namespace(kind: str, source: str) -> UUID:
    return source_namespace(f"{source}:{kind}")
