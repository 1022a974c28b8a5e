"""Messages with named places that are filled and translated only when they are shown."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, TypeAlias, cast

from django.utils.functional import lazy

from shouyue.kernel.masking import HIDDEN

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# A text that is translated when it becomes a str; its class exists for type checkers only.
Message: TypeAlias = "_StrPromise"

_NAME_SHOWN_MAX = 80
_NAMES_SHOWN_MAX = 20


def filled(template: Message, details: Mapping[str, object]) -> Message:
    """The template with its places filled, still lazy: `template % details` would translate at once."""
    return cast(Message, lazy(_fill, str)(template, details))


class RefusedError(Exception):
    """Something that cannot be done with what was given.

    code: a stable slug, one of the keys of REASONS.
    message: lazy and translatable; str() of the error is the message in the language active then.
    details: what fills the message's places, with full values (names of columns as a tuple).
    """

    REASONS: ClassVar[Mapping[str, Message]]

    def __init__(self, code: str, details: Mapping[str, object]) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = dict(details)
        self.message = filled(self.REASONS[code], self.details)

    def __str__(self) -> str:
        return str(self.message)


def shortened(text: str, most: int = _NAME_SHOWN_MAX) -> str:
    """At most `most` characters of the text, ending in … if some were left out."""
    return text if len(text) <= most else text[: most - 1] + "…"


class _Places(dict[str, str]):
    """What fills a message; of a sealed row the details are not there for readers who may not see it whole."""

    def __missing__(self, place: str) -> str:
        return HIDDEN


def _fill(template: Message, details: Mapping[str, object]) -> str:
    return str(template) % _Places({place: _shown(value) for place, value in details.items()})


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        names = [shortened(str(item)) for item in value[:_NAMES_SHOWN_MAX]]
        return ", ".join([*names, "…"] if len(value) > _NAMES_SHOWN_MAX else names)
    return shortened(str(value))
