"""What can go wrong in a call, as problem details (RFC 9457): one table of stable names, each told in two languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:shouyue:problem:"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its HTTP status and its title; the name in the table never changes."""

    status: int
    title: str | Promise


KINDS: dict[str, Kind] = {
    "bad-request": Kind(400, _("The request cannot be understood.")),
    "bad-json": Kind(400, _("The body is not JSON.")),
    "key-missing": Kind(401, _("The call needs an API key.")),
    "key-unknown": Kind(401, _("The API key is not known.")),
    "key-expired": Kind(401, _("The API key has expired.")),
    "key-revoked": Kind(401, _("The API key was revoked.")),
    "scope-missing": Kind(403, _("The API key does not allow this call.")),
    "not-found": Kind(404, _("There is no such thing.")),
    "method-not-allowed": Kind(405, _("This address does not take this method.")),
    "key-reused": Kind(409, _("The Idempotency-Key was used for another call.")),
    "busy": Kind(409, _("An equal call is still being answered.")),
    "purchase-differs": Kind(409, _("This purchase is recorded with other content.")),
    "purchase-elsewhere": Kind(409, _("This purchase belongs to another customer.")),
    "answers-differ": Kind(409, _("Other answers were counted already.")),
    "wave-anonymous": Kind(409, _("This wave is anonymous.")),
    "points-short": Kind(409, _("There are not enough points.")),
    "hold-settled": Kind(409, _("Nothing is set aside under this number, or it was settled already.")),
    "person-erased": Kind(409, _("This person was erased at their request.")),
    "maybe-duplicate": Kind(409, _("Somebody like this is recorded already.")),
    "not-shared": Kind(409, _("Points cannot be shared so.")),
    "too-late": Kind(409, _("It is too late for that.")),
    "changed-meanwhile": Kind(412, _("The record was changed in the meantime.")),
    "too-large": Kind(413, _("The body is too large.")),
    "invalid": Kind(422, _("Some values cannot be used.")),
    "if-match-missing": Kind(428, _("The call must say which version it changes.")),
    "too-many-calls": Kind(429, _("Too many calls.")),
    "failed": Kind(500, _("Something failed on our side.")),
    "unavailable": Kind(503, _("The service is not available for a moment.")),
}
# What stands for an answer that Django or a middleware made without a problem of its own.
_BY_STATUS = {
    400: "bad-request",
    401: "key-missing",
    403: "scope-missing",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    422: "invalid",
    429: "too-many-calls",
    500: "failed",
    503: "unavailable",
}


class ProblemError(Exception):
    """Ends a call with a problem of a kind in KINDS.

    detail: a translated sentence on this very call. errors: for "invalid", what is wrong where. headers: of the answer.
    """

    def __init__(
        self,
        kind: str,
        detail: str | Promise = "",
        *,
        errors: Sequence[Mapping[str, object]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind, detail)
        self.kind, self.detail, self.errors, self.headers = kind, detail, errors, dict(headers or {})


def wrong_value(field: str, message: str | Promise, code: str = "value_error") -> ProblemError:
    """The problem of one value. field: its path, e.g. "body.url"."""
    return ProblemError("invalid", errors=[{"field": field, "code": code, "message": str(message)}])


def need_if_match(if_match: str) -> None:
    """Raises the problem of a change that does not say which version it changes."""
    if not if_match:
        raise ProblemError("if-match-missing", gettext("Send the record's ETag in the header If-Match."))


def changed_meanwhile() -> ProblemError:
    """The problem of a change whose version somebody else was faster to change."""
    return ProblemError("changed-meanwhile", gettext("Read it again and decide anew."))


def as_object(problem: ProblemError, *, instance: str = "") -> dict[str, object]:
    """The members of the problem's JSON, in the active language."""
    kind = KINDS[problem.kind]
    told: dict[str, object] = {"type": f"{_TYPE}{problem.kind}", "title": str(kind.title), "status": kind.status}
    if problem.detail:
        told["detail"] = str(problem.detail)
    if problem.errors:
        told["errors"] = list(problem.errors)
    if instance:
        told["instance"] = instance
    return told


def response(problem: ProblemError, request: HttpRequest) -> HttpResponse:
    body = orjson.dumps(as_object(problem, instance=request.path))
    answer = HttpResponse(body, status=KINDS[problem.kind].status, content_type=MEDIA_TYPE, headers=problem.headers)
    if answer.status_code == 401:
        answer.headers.setdefault("WWW-Authenticate", 'Bearer realm="shouyue"')
    return answer


def standing_for(status: int) -> ProblemError:
    """The problem that says what a bare status says."""
    return ProblemError(_BY_STATUS.get(status, "failed" if status >= 500 else "bad-request"))
