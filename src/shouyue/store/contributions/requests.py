"""What rooms hold about subjects, for a person who asks for their data: each room answers for its own records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from django.utils.functional import Promise

from shouyue.store.registry import Reader

# A value is text, a number, yes/no, nothing, or lists and objects of these: what JSON and a spreadsheet can hold.
Value: TypeAlias = "str | int | float | bool | Sequence[Value] | Mapping[str, Value] | None"
Record: TypeAlias = Mapping[str, Value]
Contribute: TypeAlias = Callable[[Sequence[UUID], Reader], Mapping[UUID, Sequence[Record]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExport:
    """Records of one kind. contribute: by subject, in a fixed number of queries; who has none may be left out."""

    name: str
    order: int
    title: str | Promise
    contribute: Contribute


@dataclass(frozen=True, slots=True)
class Held:
    """Records of one kind about one subject, at least one."""

    name: str
    title: str | Promise
    records: Sequence[Record]


_exports: dict[str, RequestExport] = {}


def add(export: RequestExport) -> None:
    """Register records of one kind. The same name again replaces it."""
    _exports[export.name] = export


def held_about(subjects: Sequence[UUID], reader: Reader) -> dict[UUID, list[Held]]:
    """Everything that rooms hold about each of the subjects, in the rooms' order."""
    held: dict[UUID, list[Held]] = {subject: [] for subject in subjects}
    for export in sorted(_exports.values(), key=lambda one: (one.order, one.name)):
        given = export.contribute(subjects, reader)
        for subject, records in given.items():
            if records and subject in held:
                held[subject].append(Held(export.name, export.title, records))
    return held
