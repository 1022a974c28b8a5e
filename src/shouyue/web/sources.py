"""How a source is called on screens and in files: whose numbers and values these are, in the reader's words."""

from collections.abc import Iterable

from django.utils.functional import Promise

_NAMES: dict[str, Promise] = {}


def add(source: str, name: Promise) -> None:
    """Say how a source is called. Called from AppConfig.ready."""
    _NAMES[source] = name


def source_name(source: str) -> str:
    """The source as a reader knows it; one that nobody named stays as it came."""
    return str(_NAMES.get(source, source))


def source_choices(sources: Iterable[str], everything: str | Promise) -> list[tuple[str, str | Promise]]:
    """Choices of a filter by source; the first one is all of them."""
    return [("", everything), *((one, source_name(one)) for one in sources)]
