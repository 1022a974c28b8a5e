"""How rooms declare their calls: scope, words for the document, and the headers that writing needs."""

from typing import Annotated, Any

from django.utils.translation import gettext_noop as _
from ninja import Header
from pydantic import StringConstraints

from shouyue.rest.access import Scope

# What a caller chooses; one printable word, so that logs and headers can carry it.
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=255,
        pattern=r"^[!-~]+$",
        description=_(
            "Your own name for this call. Repeated within two days it gets the same answer and does nothing."
        ),
    ),
]
IfMatch = Annotated[
    str, Header(alias="If-Match", max_length=200, description=_("The ETag of the version that you change."))
]

_CONTROLS = r"^[^\x00-\x1f\x7f]*$"


def line_of_text(*, least: int = 0, most: int) -> StringConstraints:
    """What `Annotated[str, line_of_text(most=80)]` holds: no control characters, no spaces around it."""
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most, pattern=_CONTROLS)


def call(scope: str, summary: str, description: str = "", *, is_busy: bool = False, **more: Any) -> dict[str, Any]:
    """Arguments of a route: `@router.get("/customers", **call("customers:read", _("…")), response=…)`.

    is_busy: see `Scope`.
    summary, description: marked by gettext_noop; the document translates them. more: for the operation in the document.
    """
    return {
        "auth": Scope(scope, is_busy=is_busy),
        "summary": summary,
        "description": description,
        "openapi_extra": {"security": [{"ApiKey": [scope]}], **more},
    }
