"""Files of a catalogue: Shouyue's own columns of products, stores and channels, and Olist's products."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from shouyue.kernel import cells
from shouyue.kernel.cells import Cell, CellError, CellPlan, Parse, RowRejectedError
from shouyue.purchases.catalogue.rules.told import (
    CITY_MAX,
    CODE_MAX,
    DEPTH_MAX,
    NAME_MAX,
    UNIT_MAX,
    CategoryTold,
    ChannelTold,
    ProductTold,
    StoreTold,
    Told,
    entry_id,
    path_told,
)

PLAIN, OLIST = "plain", "olist"
PRODUCTS, STORES, CHANNELS, TRANSLATIONS = "products", "stores", "channels", "translations"
PLAIN_COLUMNS = ("code",)
OLIST_PRODUCT_COLUMNS = ("product_id", "product_category_name")
OLIST_TRANSLATION_COLUMNS = ("product_category_name", "product_category_name_english")
# Entries belong to no customer: they are staged, and so written, before all that do.
NOBODY: Final = "00000000-0000-0000-0000-000000000000"

_Staged = tuple[str, str, list[object]]
_Parser = Callable[[Sequence[object]], _Staged | None]
_KINDS: Mapping[str, type[Told]] = {
    "product": ProductTold,
    "category": CategoryTold,
    "store": StoreTold,
    "channel": ChannelTold,
}
_YES = {
    **dict.fromkeys(("yes", "true", "1", "是", "在售", "y"), "yes"),
    **dict.fromkeys(("no", "false", "0", "否", "停售", "n"), "no"),
}


def staged(kind: str, source: str, entries: Sequence[Told], categories: Sequence[CategoryTold] = ()) -> _Staged:
    """One row of a file, ready to be staged: the entry that it tells of, and the categories that it names."""
    [entry] = entries
    content: list[object] = [kind, _values(entry), [_values(one) for one in categories]]
    return NOBODY, str(entry_id(kind, source, entry.code)), content


def told_by(content: Sequence[Any]) -> tuple[str, Any, list[CategoryTold]]:
    """Kind, entry and categories of a staged row."""
    kind, values, categories = content
    return kind, _KINDS[kind](**values), [CategoryTold(**one) for one in categories]


def _values(told: Told) -> dict[str, object]:
    return {name: value for name in told.__slots__ if (value := getattr(told, name)) is not None}


class PlainCatalogueReader:
    """Reads products, stores and channels in Shouyue's own columns; an empty cell says nothing."""

    def __init__(self, zone: str) -> None:
        del zone  # nothing in a catalogue has a moment

    def parser(self, file: str, columns: Sequence[str]) -> _Parser:
        """Parser of a row of one of the files. Raises RowRejectedError."""
        return {PRODUCTS: _products, STORES: _stores, CHANNELS: _channels}[file](columns)


class OlistCatalogueReader:
    """Reads the translations of categories, then products; Olist gives products neither a name nor a price."""

    def __init__(self, zone: str) -> None:
        del zone
        self._english: dict[str, str] = {}

    def parser(self, file: str, columns: Sequence[str]) -> _Parser:
        """Parser of a row of one of the files. Raises RowRejectedError."""
        return self._translations(columns) if file == TRANSLATIONS else self._products(columns)

    def _translations(self, columns: Sequence[str]) -> _Parser:
        word = cells.text(CODE_MAX)
        plan = CellPlan(dict.fromkeys(OLIST_TRANSLATION_COLUMNS, word), columns)

        def parse(row: Sequence[object]) -> None:
            name, english = plan.read(row)
            self._english[name] = english

        return parse

    def _products(self, columns: Sequence[str]) -> _Parser:
        parsers = (cells.text(CODE_MAX), cells.text(CODE_MAX, required=False))
        plan = CellPlan(dict(zip(OLIST_PRODUCT_COLUMNS, parsers, strict=True)), columns)

        def parse(row: Sequence[object]) -> _Staged:
            code, category = plan.read(row)
            spoken = {"name": _spoken(category), "name_en": _spoken(self._english.get(category, "")) or None}
            above = [CategoryTold(code=category, **spoken)] if category else []
            return staged("product", OLIST, [ProductTold(code=code, category=category or None)], above)

        return parse


def _spoken(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _products(columns: Sequence[str]) -> _Parser:
    name, path = cells.text(NAME_MAX, required=False), _path
    parsers: dict[str, Parse] = {
        "code": cells.text(CODE_MAX),
        "name": name,
        "name_en": name,
        "category": path,
        "category_en": path,
        "unit": cells.text(UNIT_MAX, required=False),
        "list_price": _or_nothing(cells.amount_e4),
        "currency": _or_nothing(_currency),
        "active": _or_nothing(cells.one_of(_YES)),
    }
    plan = CellPlan(parsers, columns)

    def parse(row: Sequence[object]) -> _Staged:
        code, name, name_en, path, path_en, unit, price, currency, active = plan.read(row)
        if price is not None and price < 0:
            raise RowRejectedError("not_amount", "list_price", price)
        categories = path_told(path, path_en)
        product = ProductTold(
            code=code,
            name=name or None,
            name_en=name_en or None,
            category=categories[-1].code if categories else None,
            unit=unit or None,
            list_price_e4=price,
            currency=currency,
            is_active=None if active is None else active == "yes",
        )
        return staged("product", PLAIN, [product], categories)

    return parse


def _stores(columns: Sequence[str]) -> _Parser:
    plan = CellPlan({**_named(), "city": cells.text(CITY_MAX, required=False)}, columns)

    def parse(row: Sequence[object]) -> _Staged:
        code, name, name_en, city = plan.read(row)
        store = StoreTold(code=code, name=name or None, name_en=name_en or None, city=city or None)
        return staged("store", PLAIN, [store])

    return parse


def _channels(columns: Sequence[str]) -> _Parser:
    plan = CellPlan(_named(), columns)

    def parse(row: Sequence[object]) -> _Staged:
        code, name, name_en = plan.read(row)
        return staged("channel", PLAIN, [ChannelTold(code=code, name=name or None, name_en=name_en or None)])

    return parse


def _named() -> dict[str, Parse]:
    name = cells.text(NAME_MAX, required=False)
    return {"code": cells.text(CODE_MAX), "name": name, "name_en": name}


def _path(cell: Cell) -> str:
    found = cells.text(NAME_MAX, required=False)(cell)
    steps = path_told(found)
    if len(steps) > DEPTH_MAX or (steps and len(steps[-1].code) > CODE_MAX):
        raise CellError("too_long")
    return str(found)


def _currency(cell: Cell) -> str:
    found = str(cells.text(3)(cell)).upper()
    if len(found) != 3 or not found.isalpha() or not found.isascii():
        raise CellError("unknown_word")
    return found


def _or_nothing(parse: Parse) -> Parse:
    """None for an empty cell."""

    def read(cell: Cell) -> Any:
        return None if cell is None or str(cell).strip() == "" else parse(cell)

    return read
