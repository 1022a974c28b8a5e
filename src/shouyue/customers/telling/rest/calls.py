"""Calls by which programs tell of customers, change and search them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from shouyue.customers.people.public import Customer, Person, customers_found, masked_persons
from shouyue.customers.telling import actions
from shouyue.customers.telling.queries import version_by_customer
from shouyue.customers.telling.rest.schemas import (
    CustomerDone,
    CustomerFilter,
    CustomerIn,
    CustomerOut,
    CustomerSearch,
    CustomersFound,
    CustomerShown,
    CustomerValues,
    PersonShown,
    shown_value,
)
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.rest.access import caller
from shouyue.rest.bulk import Bulk, lines_in_and_out
from shouyue.rest.idempotency import Made, once
from shouyue.rest.paging import Paged, PageOf, page_of
from shouyue.rest.problems import ProblemError, changed_meanwhile, need_if_match, wrong_value
from shouyue.rest.routes import IdempotencyKey, IfMatch, call
from shouyue.rest.rules import preconditions

router = Router()
_WHOLE = "customers:personal"
_FIELDS = ("name", "title", "phone", "email", "born_on", "address")


@router.get(
    "/customers",
    response=Paged[CustomerOut],
    **call("customers:read", _("List customers"), _("All customers as their sources know them, page by page.")),
)
def list_customers(request: HttpRequest, cut: PageOf, wanted: Query[CustomerFilter]) -> Paged[CustomerOut]:  # noqa: ARG001 ninja finds the request by this name
    rows = Customer.objects.filter(source=wanted.source) if wanted.source else Customer.objects.all()
    found, next_cursor = page_of(rows, order=(("id", UUID),), cut=cut)
    return Paged[CustomerOut](data=[CustomerOut(**_values(row)) for row in found], next_cursor=next_cursor)


@router.post(
    "/customers",
    response={201: CustomerDone, 200: CustomerDone},
    **call(
        "customers:write",
        _("Create or complete a customer by their number"),
        _(
            "201 when the source and number are new. 200 when they were known: unchanged, or updated. What is empty "
            "says nothing."
        ),
    ),
)
def tell_customer(request: HttpRequest, idempotency_key: IdempotencyKey, told: CustomerIn) -> HttpResponse:
    def act() -> Made:
        [outcome] = _tell([told], by=caller(request).actor)
        if outcome["outcome"] == "rejected":
            raise ProblemError("person-erased", gettext("Leave them out; nothing is recorded of them again."))
        return Made(201 if outcome["outcome"] == actions.CREATED else 200, CustomerDone(**outcome))

    return once(request, idempotency_key, act)


# Before the address of one customer, which would take these words for an id.
@router.post(
    "/customers/search",
    response=CustomersFound,
    **call(
        "customers:read",
        _("Search customers"),
        _(
            "What is looked for stands in the body, never in an address. Matches are masked without "
            "customers:personal; those with the latest activity come first."
        ),
    ),
)
def search_customers(request: HttpRequest, wanted: CustomerSearch) -> CustomersFound:
    found = customers_found(wanted.text, shown_max=wanted.limit)
    return CustomersFound(data=_shown(request, found.customers), is_all=found.is_all)


@router.post(
    "/customers/bulk",
    **call(
        "customers:write",
        _("Create or complete many customers"),
        _(
            "One customer a line in (application/x-ndjson, each as for a single call), one outcome a line out: "
            "created, updated, unchanged, or rejected with its errors. Broken off, the same body under the same "
            "Idempotency-Key goes on where it ended. Up to 256 MiB."
        ),
        **lines_in_and_out(),
    ),
)
def tell_many(request: HttpRequest, idempotency_key: IdempotencyKey) -> StreamingHttpResponse:
    by = caller(request).actor
    return Bulk(CustomerIn, lambda told: _tell(told, by=by)).answer(request, idempotency_key)


@router.get(
    "/customers/{customer_id}",
    response=CustomerShown,
    **call(
        "customers:read",
        _("Read a customer"),
        _("The ETag names the version to change. Values of the person are masked without customers:personal."),
    ),
)
def read_customer(request: HttpRequest, customer_id: UUID, response: HttpResponse) -> CustomerShown:
    found = Customer.objects.filter(pk=customer_id).first()
    if found is None:
        raise Http404
    response.headers["ETag"] = preconditions.etag(version_by_customer([found])[found.pk])
    return _shown(request, [found])[0]


@router.patch(
    "/customers/{customer_id}",
    response=CustomerShown,
    **call(
        "customers:write",
        _("Change a customer"),
        _("Only what is given changes, also what was set by hand before. Verified values lose their verification."),
    ),
)
def change(
    request: HttpRequest,
    customer_id: UUID,
    wanted: CustomerValues,
    response: HttpResponse,
    if_match: IfMatch = "",
) -> CustomerShown:
    need_if_match(if_match)
    try:
        actions.change_customer(
            customer_id,
            wanted.place,
            wanted.known,
            key=new_id(),
            is_seen=lambda version: preconditions.matches(if_match, version),
            at=clock.now(),
            by=caller(request).actor,
        )
    except Customer.DoesNotExist:
        raise Http404 from None
    except actions.ChangedMeanwhileError as passed:
        raise changed_meanwhile() from passed
    except actions.ErasedCustomerError as refused:
        raise ProblemError("person-erased", gettext("Leave them out; nothing is recorded of them again.")) from refused
    except actions.AnonymousCustomerError as refused:
        raise wrong_value("path.customer_id", gettext("Nobody is known who made this till sale.")) from refused
    return read_customer(request, customer_id, response)


def _tell(told: Sequence[CustomerIn], *, by: str) -> list[dict[str, Any]]:
    """Record them all; one outcome each, in their order. A customer told twice is recorded and then completed."""
    customers = [actions.CustomerTold(one.source, one.number, one.place, one.known, one.as_of) for one in told]
    outcomes: list[dict[str, Any]] = [{} for _one in customers]
    waiting = list(range(len(customers)))
    while waiting:
        first: dict[UUID, int] = {}
        for place in waiting:
            first.setdefault(customers[place].id, place)
        chosen = list(first.values())
        done = actions.tell_customers([customers[place] for place in chosen], batch_id=new_id(), at=clock.now(), by=by)
        for place, one in zip(chosen, done, strict=True):
            outcomes[place] = _outcome(customers[place].id, one)
        waiting = [place for place in waiting if not outcomes[place]]
    return outcomes


def _outcome(customer_id: UUID, told: actions.Told) -> dict[str, Any]:
    if told.outcome == actions.ERASED:
        message = gettext("This person was erased at their request.")
        errors = [{"field": "number", "code": "person_erased", "message": message}]
        return {"outcome": "rejected", "id": str(customer_id), "errors": errors}
    return {"outcome": told.outcome, "id": str(customer_id), "kept": told.kept}


def _shown(request: HttpRequest, customers: Sequence[Customer]) -> list[CustomerShown]:
    is_whole = _WHOLE in caller(request).scopes
    persons = masked_persons([one.pk for one in customers], _FIELDS)
    return [_customer(one, persons.get(one.pk), is_whole=is_whole) for one in customers]


def _values(row: Customer) -> dict[str, Any]:
    names = ("kind", "source", "country", "region", "city", "first_seen_at", "last_seen_at")
    return {"id": row.pk, "number": row.source_key, **{name: getattr(row, name) for name in names}}


def _customer(row: Customer, person: Person | None, *, is_whole: bool) -> CustomerShown:
    shown = None
    if person is not None:
        texts = {name: shown_value(getattr(person, name), is_whole=is_whole) for name in _FIELDS}
        shown = PersonShown(birthday=texts.pop("born_on"), **texts, is_masked=not is_whole)
    return CustomerShown(**_values(row), person=shown)
