"""The value of a sealed column in memory: masked to whoever prints it, plain only to who asks for it by name."""

from typing import Generic, NoReturn, TypeVar, cast

from shouyue.kernel.masking import HIDDEN, Mask, masked

T = TypeVar("T")


class StillSealedError(Exception):
    """The plain value was asked for before `unseal`."""


class ErasedError(Exception):
    """The plain value was asked for, but its person's key was shredded: nobody can read it any more."""


class _State:
    """Why there is no plain value."""

    def __init__(self, name: str) -> None:
        self.name = name


_CLOSED, _ERASED = _State("closed"), _State("erased")


class Sealed(Generic[T]):
    """A sealed value. `box` is what the database holds; None until `seal` made it.

    str(), templates, logs and format() show `masked`, repr() shows nothing, and pickle carries the box alone.
    Two are equal only if they are the same object: comparing what is inside takes `.plain` on both sides.
    """

    __slots__ = ("_inside", "_mask", "box")

    def __init__(self, inside: "T | _State", *, mask: Mask, box: bytes | None = None) -> None:
        self._inside = inside
        self._mask = mask
        self.box = box

    @classmethod
    def closed(cls, box: bytes, mask: Mask) -> "Sealed[T]":
        return cls(_CLOSED, mask=mask, box=box)

    @property
    def is_open(self) -> bool:
        return not isinstance(self._inside, _State)

    @property
    def is_erased(self) -> bool:
        return self._inside is _ERASED

    @property
    def plain(self) -> T:
        """The value itself. Raises StillSealedError before `unseal`, ErasedError when nobody can read it."""
        if self._inside is _ERASED:
            raise ErasedError
        if self._inside is _CLOSED:
            raise StillSealedError("unseal the rows first: unseal(rows, fields)")
        return cast(T, self._inside)

    @property
    def masked(self) -> str:
        """What a reader without the right to see it sees: 张*, 138****6621; HIDDEN while it is closed."""
        return masked(self._mask, self._inside) if self.is_open else HIDDEN

    def opened(self, plain: T) -> None:
        self._inside = plain

    def lost(self) -> None:
        """Its person was erased."""
        self._inside = _ERASED

    def __str__(self) -> str:
        return self.masked

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._mask}>"

    def __bytes__(self) -> NoReturn:
        raise TypeError("ask for .plain or .box")

    def __reduce__(self) -> tuple[object, ...]:
        if self.box is None:
            raise TypeError("a value that is not sealed yet is not for keeping")
        return Sealed.closed, (self.box, self._mask)
