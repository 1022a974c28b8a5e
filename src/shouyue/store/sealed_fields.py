"""Columns whose values only their person's key opens, and the two calls that seal and open whole batches of rows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast
from uuid import UUID

import orjson
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models
from django.db.models.query_utils import DeferredAttribute

from shouyue.kernel.masking import Mask
from shouyue.store.person_keys import PersonKeys
from shouyue.store.personal import Personal
from shouyue.store.sealed import Sealed
from shouyue.store.sealing import Cipher

T = TypeVar("T")
M = TypeVar("M", bound=models.Model)
_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)

if TYPE_CHECKING:

    class _Column(models.Field["T | Sealed[T] | None", "Sealed[T]"], Generic[T]):
        pass
else:

    class _Column(models.Field, Generic[T]):
        pass


class NotSealedError(Exception):
    """A row was to be saved before `seal` made the boxes of its values."""


class DeferredError(Exception):
    """A field was to be opened that the rows were read without; reading it now would cost a statement for each row."""


class _SealedAttribute(DeferredAttribute):
    """Wraps what is assigned, so that a plain value never lies bare in a row."""

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = cast("SealedField[Any]", self.field).wrapped(value)


class SealedField(_Column[T]):
    """A bytea column that holds boxes. Use SealedText, SealedDate or SealedJson.

    personal: what it is and who may see it. subject: the row's attribute with the id of the person whose key seals
    it. The box is bound to table, column and subject: to copy a value to another row assign its `.plain`; renaming a
    column means sealing its values anew. It cannot be compared, sorted or searched: see `digests` and `tokens`.
    """

    descriptor_class = _SealedAttribute
    plain_types: ClassVar[tuple[type, ...]]

    def __init__(self, *args: Any, personal: Personal, subject: str = "pk", **options: Any) -> None:
        options.setdefault("editable", False)
        options.setdefault("null", True)
        super().__init__(*args, **options)
        self.personal = personal
        self.subject = subject

    @property
    def mask(self) -> Mask:
        return self.personal.mask

    def sealed(self, plain: T, *, subject: UUID, cipher: Cipher) -> bytes:
        """The box for one value, for imports that write without making rows first."""
        return cipher.seal(self.to_bytes(plain), context=self._context(subject))

    def opened(self, box: bytes, *, subject: UUID, cipher: Cipher) -> T:
        """The value in a box. Raises BoxBrokenError."""
        return self.from_bytes(cipher.open(box, context=self._context(subject)))

    def wrapped(self, value: object) -> Sealed[T] | None:
        """What an attribute holds for an assigned value: None for nothing, a Sealed for the rest."""
        if value is None or value == "":
            return None
        if isinstance(value, Sealed):
            return value
        if not isinstance(value, self.plain_types) or isinstance(value, datetime):
            # Not the value itself: messages of exceptions reach the logs.
            raise TypeError(f"{self.name} takes {self.plain_types[0].__name__}, not {type(value).__name__}")
        return Sealed(cast(T, value), mask=self.mask)

    def to_bytes(self, plain: T) -> bytes:
        raise NotImplementedError

    def from_bytes(self, data: bytes) -> T:
        raise NotImplementedError

    def from_db_value(self, value: bytes | None, _expression: object, _connection: object) -> Sealed[T] | None:
        return None if value is None else Sealed.closed(bytes(value), self.mask)

    def get_prep_value(self, value: object) -> object:
        if value is None:
            return None
        if not isinstance(value, Sealed) or value.box is None:
            raise NotSealedError(f"{self.name}: seal the rows before saving them")
        return value.box

    def get_lookup(self, lookup_name: str) -> Any:
        # None makes Django refuse the rest: two boxes of the same value differ, so a comparison would find nothing.
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_internal_type(self) -> str:
        return "BinaryField"

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def deconstruct(self) -> Any:
        """To migrations it is a column of bytes: they neither need nor keep what it means."""
        name, _path, args, options = super().deconstruct()
        options.pop("editable", None)
        return name, "django.db.models.BinaryField", args, options

    def clone(self) -> Any:
        _name, _path, args, options = self.deconstruct()
        return models.BinaryField(*args, **options)

    def _context(self, subject: UUID) -> bytes:
        return self._place + subject.bytes

    @cached_property
    def _place(self) -> bytes:
        return f"{self.model._meta.db_table}.{self.column}\0".encode()


class SealedText(SealedField[str]):
    """Text of any length. Empty text is None."""

    plain_types = (str,)

    def to_bytes(self, plain: str) -> bytes:
        return plain.encode()

    def from_bytes(self, data: bytes) -> str:
        return data.decode()


class SealedDate(SealedField[date]):
    """A day."""

    plain_types = (date,)

    def to_bytes(self, plain: date) -> bytes:
        return plain.isoformat().encode()

    def from_bytes(self, data: bytes) -> date:
        return date.fromisoformat(data.decode())


class SealedJson(SealedField["dict[str, Any] | list[Any]"]):
    """An object or a list as JSON."""

    plain_types = (dict, list)

    def to_bytes(self, plain: dict[str, Any] | list[Any]) -> bytes:
        return orjson.dumps(plain)

    def from_bytes(self, data: bytes) -> dict[str, Any] | list[Any]:
        return cast("dict[str, Any] | list[Any]", orjson.loads(data))


def seal(rows: Iterable[M], *, at: datetime, keys: PersonKeys | None = None) -> list[M]:
    """Make the boxes of what was assigned, so that the rows can be saved; returns the rows.

    Keys are made for people who have none: at most three statements for any number of rows.
    Raises PersonErasedError when one of the people was erased; then no row is sealed.
    """
    batch = list(rows)
    of_model = {model: sealed_fields(model) for model in {type(row) for row in batch}}
    waiting = [
        (field, value, _subject_of(row, field))
        for row in batch
        for field in of_model[type(row)]
        if (value := row.__dict__.get(field.attname)) is not None and value.box is None
    ]
    if waiting:
        ciphers = (keys or PersonKeys()).made_keys_for((subject for _, _, subject in waiting), at=at)
        for field, value, subject in waiting:
            value.box = field.sealed(value.plain, subject=subject, cipher=ciphers[subject])
    return batch


def unseal(rows: Iterable[M], fields: Sequence[str], *, keys: PersonKeys | None = None) -> list[M]:
    """Open the named fields of all rows, so that their `.plain` can be read; returns the rows.

    One statement for the keys, beside the one that reads the rows; none for people whose keys `keys` has already.
    What belongs to an erased person stays hidden and says so. Raises BoxBrokenError for a value that was tampered
    with, KeysMissingError for a lost installation key, FieldDoesNotExist for a name that is not a sealed field,
    DeferredError for a field that the rows were read without.
    """
    batch = list(rows)
    of_model = {model: _named_fields(model, fields) for model in {type(row) for row in batch}}
    closed = [
        (field, value, _subject_of(row, field))
        for row in batch
        for field in of_model[type(row)]
        if (value := _loaded(row, field)) is not None and not value.is_open
    ]
    ciphers = (keys or PersonKeys()).keys_for({subject for _, _, subject in closed}) if closed else {}
    for field, value, subject in closed:
        if cipher := ciphers.get(subject):
            value.opened(field.opened(value.box or b"", subject=subject, cipher=cipher))
        else:
            value.lost()
    return batch


def opened_in_batches(
    model: type[models.Model], names: Sequence[str], *, batch: int, after: UUID = _FIRST, until: UUID = _LAST
) -> Iterator[dict[UUID, list[Any]]]:
    """Plain values of all rows of a model whose key is the subject, by subject, in the order of `names`; None for none.

    For jobs that read everybody, or all after one subject up to another: two statements for each batch, and no row
    object. Erased people are left out. Raises as `unseal` does.
    """
    fields = _named_fields(model, names)
    subject = cast(str, model._meta.pk.column)
    columns = ", ".join([subject, *(cast(str, field.column) for field in fields)])
    part = f"{subject} > %s AND {subject} <= %s ORDER BY {subject} LIMIT {batch:d}"
    while True:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {model._meta.db_table} WHERE {part}", [after, until])  # noqa: S608 names of columns alone
            rows = cursor.fetchall()
        if not rows:
            return
        after = rows[-1][0]
        ciphers = PersonKeys().keys_for(row[0] for row in rows)
        yield {row[0]: _opened_row(row, fields, cipher) for row in rows if (cipher := ciphers.get(row[0]))}


def _opened_row(row: Sequence[Any], fields: Sequence[SealedField[Any]], cipher: Cipher) -> list[Any]:
    subject = row[0].bytes
    return [
        None if box is None else field.from_bytes(cipher.open(bytes(box), context=field._place + subject))
        for field, box in zip(fields, row[1:], strict=True)
    ]


def sealed_fields(model: type[models.Model]) -> list[SealedField[Any]]:
    """The sealed columns of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]


def _named_fields(model: type[models.Model], names: Sequence[str]) -> list[SealedField[Any]]:
    fields = [model._meta.get_field(name) for name in names]
    for field in fields:
        if not isinstance(field, SealedField):
            raise FieldDoesNotExist(f"{model.__name__}.{field.name} is not sealed")
    return cast("list[SealedField[Any]]", fields)


def _loaded(row: models.Model, field: SealedField[Any]) -> Sealed[Any] | None:
    """The attribute without asking the database for it, row by row."""
    try:
        return cast("Sealed[Any] | None", row.__dict__[field.attname])
    except KeyError:
        raise DeferredError(f"the rows were read without {field.name}") from None


def _subject_of(row: models.Model, field: SealedField[Any]) -> UUID:
    return cast(UUID, getattr(row, field.subject))
