"""Duplicates for programs: pairs, what was decided of them, merges and their end."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from shouyue.customers.duplicates.actions import merging
from shouyue.customers.duplicates.models import Match, MatchState, Merging
from shouyue.kernel import clock
from shouyue.rest.access import caller
from shouyue.rest.idempotency import Made, once
from shouyue.rest.paging import Paged, PageOf, page_of
from shouyue.rest.problems import changed_meanwhile, need_if_match, wrong_value
from shouyue.rest.routes import IdempotencyKey, IfMatch, call
from shouyue.rest.rules import preconditions

router = Router()
_MICROSECONDS = 1_000_000


class MatchOut(Schema):
    id: UUID
    one_id: UUID
    other_id: UUID
    probability: float = Field(description=_("How likely both records are one person, from 0 to 1."))
    evidence: dict[str, str] = Field(description=_("By comparison, what agrees; empty where nothing can be compared."))
    weights: dict[str, float] = Field(description=_("By comparison, what it adds to the evidence, in bits."))
    state: str = Field(description=_("open, merged, or dismissed: two people."))
    found_at: datetime
    decided_at: datetime | None


class MatchFilter(Schema):
    state: Literal["", "open", "merged", "dismissed"] = Field("", description=_("Only pairs in this state."))
    least: Annotated[float, Field(ge=0, le=1)] = Field(0, description=_("Only pairs at least as likely as this."))


class MatchChange(Schema):
    state: Literal["open", "dismissed"] = Field(
        description=_("dismissed: they are two people; open: to be looked at again.")
    )


class MergeIn(Schema):
    survivor_id: UUID = Field(description=_("The customer that stands for both."))
    merged_id: UUID = Field(description=_("The customer that is merged into it."))


class MergeOut(Schema):
    id: UUID
    survivor_id: UUID
    merged_id: UUID
    merged_at: datetime
    undone_at: datetime | None


@router.get(
    "/duplicates",
    response=Paged[MatchOut],
    **call("customers:read", _("List pairs of duplicates"), _("Pairs that a search found, in random order.")),
)
def list_duplicates(request: HttpRequest, cut: PageOf, wanted: Query[MatchFilter]) -> Paged[MatchOut]:  # noqa: ARG001 ninja finds the request by this name
    rows = Match.objects.filter(probability__gte=wanted.least)
    found, next_cursor = page_of(
        rows.filter(state=wanted.state) if wanted.state else rows, order=(("id", UUID),), cut=cut
    )
    return Paged[MatchOut](data=[_match(row) for row in found], next_cursor=next_cursor)


@router.get("/duplicates/{duplicate_id}", response=MatchOut, **call("customers:read", _("Read a pair of duplicates")))
def read_duplicate(request: HttpRequest, duplicate_id: UUID, response: HttpResponse) -> MatchOut:  # noqa: ARG001 ninja finds the request by this name
    found = Match.objects.filter(pk=duplicate_id).first()
    if found is None:
        raise Http404
    response.headers["ETag"] = preconditions.etag(_version(found))
    return _match(found)


@router.patch(
    "/duplicates/{duplicate_id}",
    response=MatchOut,
    **call(
        "customers:write",
        _("Decide a pair"),
        _("No later search proposes a dismissed pair. To say that both are one person, make a merge."),
    ),
)
def decide_duplicate(
    request: HttpRequest,
    duplicate_id: UUID,
    wanted: MatchChange,
    response: HttpResponse,
    if_match: IfMatch = "",
) -> MatchOut:
    need_if_match(if_match)

    def is_seen(match: Match) -> bool:
        return preconditions.matches(if_match, _version(match))

    try:
        if wanted.state == "dismissed":
            by, at = caller(request).actor, clock.now()
            decided = merging.dismiss_match(duplicate_id, by=by, at=at, is_seen=is_seen)
        else:
            decided = merging.reopen_match(duplicate_id, is_seen=is_seen)
    except Match.DoesNotExist:
        raise Http404 from None
    except merging.MatchMovedError as moved:
        raise changed_meanwhile() from moved
    if decided.state == MatchState.MERGED:
        raise wrong_value("body.state", gettext("Both records are merged. Take the merge back first."))
    response.headers["ETag"] = preconditions.etag(_version(decided))
    return _match(decided)


@router.get(
    "/merges",
    response=Paged[MergeOut],
    **call("customers:read", _("List merges"), _("Also those that were taken back, the oldest first.")),
)
def list_merges(request: HttpRequest, cut: PageOf) -> Paged[MergeOut]:  # noqa: ARG001 ninja finds the request by this name
    found, next_cursor = page_of(Merging.objects.all(), order=(("id", UUID),), cut=cut)
    return Paged[MergeOut](data=[_merge(row) for row in found], next_cursor=next_cursor)


@router.post(
    "/merges",
    response={201: MergeOut},
    **call(
        "customers:write",
        _("Merge two customers"),
        _("One stands for both and nothing moves. Customers that are one person already stay so."),
    ),
)
def merge(request: HttpRequest, idempotency_key: IdempotencyKey, told: MergeIn) -> HttpResponse:
    def act() -> Made:
        by, at = caller(request).actor, clock.now()
        try:
            made = merging.merge_customers(survivor=told.survivor_id, merged=told.merged_id, by=by, at=at)
        except merging.NotMergeableError as refused:
            message = gettext("There is no such customer, or it is the same one.")
            raise wrong_value("body.merged_id", message) from refused
        return Made(201, _merge(made))

    return once(request, idempotency_key, act)


@router.post(
    "/merges/{merge_id}/undo",
    response=MergeOut,
    **call(
        "customers:write", _("Take a merge back"), _("Each customer has its own records again; a second time, nothing.")
    ),
)
def undo_merge(request: HttpRequest, merge_id: UUID, idempotency_key: IdempotencyKey) -> HttpResponse:
    def act() -> Made:
        try:
            made = merging.unmerge_customers(merge_id, by=caller(request).actor, at=clock.now())
        except Merging.DoesNotExist:
            raise Http404 from None
        return Made(200, _merge(made))

    return once(request, idempotency_key, act)


def _match(row: Match) -> MatchOut:
    return MatchOut(
        id=row.pk,
        one_id=row.one_id,
        other_id=row.other_id,
        probability=row.probability,
        evidence=row.evidence,
        weights=row.weights,
        state=row.state,
        found_at=row.found_at,
        decided_at=row.decided_at,
    )


def _merge(row: Merging) -> MergeOut:
    return MergeOut(
        id=row.pk,
        survivor_id=row.survivor_id,
        merged_id=row.merged_id,
        merged_at=row.merged_at,
        undone_at=row.undone_at,
    )


def _version(match: Match) -> int:
    """Moves with every run that weighs an open pair anew and with every decision."""
    return round((match.decided_at or match.found_at).timestamp() * _MICROSECONDS)
