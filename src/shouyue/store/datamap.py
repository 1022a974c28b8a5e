"""The data map: which columns hold personal data, why, how long, who sees them whole, and how they are protected.

A sealed column declares itself where it is defined. Everything else stands in its room's `data_map.toml`: personal
columns under [[personal]], columns that could hold words but say nothing about a person under [not_personal]. Numbers,
moments, yes/no, ids, relations and fixed choices need no entry of their own; "*" declares them for a whole table.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db import models
from django.utils import translation

from shouyue.kernel.masking import Mask
from shouyue.store.personal import Basis, DataClass, Personal, Purpose, Retention, Seer
from shouyue.store.sealed_fields import sealed_fields

FILE = "data_map.toml"
WHOLE_ROW = "*"
# A value of these says nothing by itself; what the row is about is declared by WHOLE_ROW.
_WORDLESS = (
    models.BooleanField,
    models.DateTimeField,
    models.DurationField,
    models.FloatField,
    models.ForeignKey,
    models.IntegerField,
    models.TimeField,
    models.UUIDField,
)
_POINTS_AT_A_PERSON = {"customer", "customer_id", "staff", "subject", "subject_id"}


class DataMapError(Exception):
    """A declaration that means nothing; the text names the file and the word."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the map. columns: names, or WHOLE_ROW. why_plain: why it is not sealed; empty when it is."""

    model: str
    columns: tuple[str, ...]
    personal: Personal
    why_plain: str = ""


@dataclass(frozen=True, slots=True)
class Declarations:
    """What one room's file says. not_personal: columns by the model's name."""

    personal: tuple[Entry, ...] = ()
    not_personal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def entries() -> list[Entry]:
    """The whole map, by room and model: sealed columns first. Raises DataMapError."""
    found = []
    for config in _our_apps():
        declared = read_declarations(config)
        for model in sorted(config.get_models(), key=lambda model: model.__name__):
            found += _sealed_entries(model)
            found += [entry for entry in declared.personal if entry.model == model._meta.label]
    return found


def problems() -> list[str]:
    """A sentence for each column that nobody declared, each declared twice, and each that is no more."""
    found = []
    for config in _our_apps():
        declared = read_declarations(config)
        names = {model.__name__ for model in config.get_models()}
        mentioned = {entry.model.partition(".")[2] for entry in declared.personal} | set(declared.not_personal)
        found += [f"{config.label}/{FILE} names {name}, which is no model" for name in sorted(mentioned - names)]
        for model in config.get_models():
            found += problems_of(model, declared)
    return found


def problems_of(model: type[models.Model], declared: Declarations) -> list[str]:
    """The problems of one model under its room's declarations."""
    label = model._meta.label
    personal = [column for entry in declared.personal if entry.model == label for column in entry.columns]
    sealed = {column.name for column in sealed_fields(model)}
    said = [*personal, *declared.not_personal.get(model.__name__, ()), *sealed]
    names = {column.name for column in model._meta.concrete_fields}
    twice = {name for name in said if said.count(name) > 1}
    silent = {column.name for column in model._meta.concrete_fields if _can_hold_words(column)} - set(said)
    found = [f"{label}.{name} is declared nowhere: personal or not?" for name in sorted(silent)]
    found += [f"{label}.{name} is declared twice" for name in sorted(twice)]
    found += [f"{label} has no column {name}" for name in sorted(set(said) - names - {WHOLE_ROW})]
    if names & _POINTS_AT_A_PERSON and WHOLE_ROW not in personal:
        found.append(f'{label} is about a person: declare the row with "{WHOLE_ROW}"')
    return found


def read_declarations(config: AppConfig) -> Declarations:
    """What the room's file says; nothing if there is none. Raises DataMapError."""
    path = Path(config.path) / FILE
    if not path.exists():
        return Declarations()
    with path.open("rb") as file:
        raw = tomllib.load(file)
    try:
        personal = tuple(_entry(config.label, one) for one in raw.pop("personal", ()))
    except (KeyError, ValueError, TypeError) as wrong:
        raise DataMapError(f"{config.label}/{FILE}: {type(wrong).__name__}: {wrong}") from wrong
    not_personal = {name: tuple(columns) for name, columns in raw.pop("not_personal", {}).items()}
    if raw:
        raise DataMapError(f"{config.label}/{FILE}: there is no part {', '.join(raw)}")
    return Declarations(personal, not_personal)


def as_markdown() -> str:
    """The page docs/reference/data-map.md, in English whatever language is spoken here."""
    with translation.override(None):
        return "".join(_page())


def _page() -> Iterator[str]:
    yield "# Data map\n\nWhich columns hold personal data. Made from the code: `python -m shouyue.main.datamap`. "
    yield "Columns that are not listed say nothing about a person; a test fails on a new one that nobody declared.\n"
    room = ""
    for entry in entries():
        name, _dot, model = entry.model.partition(".")
        if name != room:
            room = name
            yield f"\n## {room}\n\n| table | columns | what | purpose | ground | kept | seen whole by | protection |\n"
            yield "|---|---|---|---|---|---|---|---|\n"
        yield f"| {model} | {_columns(entry)} | {' | '.join(_words(entry))} |\n"


def _columns(entry: Entry) -> str:
    return ", ".join("the rest of the row" if name == WHOLE_ROW else f"`{name}`" for name in entry.columns)


def _words(entry: Entry) -> Iterable[str]:
    said = entry.personal
    yield from map(str, (said.data_class.label, said.purpose.label, said.basis.label, said.retention.label))
    yield "; ".join(str(seer.label) for seer in said.seen_by)
    yield f"not sealed: {entry.why_plain}" if entry.why_plain else f"sealed; masked as {said.mask}"


def _our_apps() -> list[AppConfig]:
    ours = [config for config in apps.get_app_configs() if config.name.startswith("shouyue.")]
    return sorted(ours, key=lambda config: config.label)


def _sealed_entries(model: type[models.Model]) -> list[Entry]:
    return [Entry(model._meta.label, (column.name,), column.personal) for column in sealed_fields(model)]


def _can_hold_words(column: "models.Field[Any, Any]") -> bool:
    if column.choices or isinstance(column, models.CompositePrimaryKey):
        return False
    return not isinstance(column, _WORDLESS)


def _entry(room: str, raw: dict[str, Any]) -> Entry:
    personal = Personal(
        data_class=DataClass(raw.pop("class")),
        purpose=Purpose(raw.pop("purpose")),
        basis=Basis(raw.pop("basis")),
        retention=Retention(raw.pop("retention")),
        seen_by=tuple(Seer(name) for name in raw.pop("seen_by")),
        mask=Mask(raw.pop("mask", Mask.ALL)),
    )
    entry = Entry(f"{room}.{raw.pop('model')}", tuple(raw.pop("columns")), personal, raw.pop("why_plain"))
    if raw:
        raise ValueError(f"there is no {', '.join(raw)}")
    return entry
