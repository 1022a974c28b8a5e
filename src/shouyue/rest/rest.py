"""Webhooks for programs: subscribe to facts, see what was delivered, have it delivered again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from pydantic import Field

from shouyue.kernel import clock
from shouyue.rest.access import caller
from shouyue.rest.actions.webhooks import (
    VersionPassedError,
    WebhookRefusedError,
    change_webhook,
    end_webhook,
    replay,
    subscribe,
)
from shouyue.rest.idempotency import Made, once
from shouyue.rest.models import Delivery, Webhook
from shouyue.rest.paging import Paged, PageOf, page_of
from shouyue.rest.problems import ProblemError, changed_meanwhile, need_if_match, wrong_value
from shouyue.rest.routes import IdempotencyKey, IfMatch, call, line_of_text
from shouyue.rest.rules import preconditions

router = Router()

_URL = _("https address; private and local addresses are refused, redirects are not followed.")
_KINDS = _("Kinds of facts, as the document lists them under x-fact-kinds.")
Url = Annotated[str, line_of_text(least=1, most=500)]
Kinds = Annotated[list[Annotated[str, line_of_text(least=1, most=60)]], Field(min_length=1, max_length=50)]


class WebhookIn(Schema):
    url: Url = Field(description=_URL)
    kinds: Kinds = Field(description=_KINDS)
    description: Annotated[str, line_of_text(most=200)] = ""


class WebhookChange(Schema):
    url: Url | None = Field(None, description=_URL)
    kinds: Kinds | None = Field(None, description=_KINDS)
    description: Annotated[str, line_of_text(most=200)] | None = None
    enabled: bool | None = None


class WebhookOut(Schema):
    id: UUID
    url: str
    kinds: list[str]
    description: str
    enabled: bool
    disabled_because: str = Field(description=_("failing: nothing was taken for five days; gone: it answered 410."))
    failing_since: datetime | None
    version: int
    created_at: datetime


class NewWebhook(WebhookOut):
    secret: str = Field(description=_("Signs what is sent (Standard Webhooks). Shown only now."))


class DeliveryOut(Schema):
    id: UUID
    webhook_id: UUID
    kind: str
    position: int = Field(description=_("The fact's place in the order of all facts."))
    state: str = Field(description=_("waiting, delivered, or failed: given up after ten attempts."))
    attempts: int
    next_try_at: datetime | None
    tried_at: datetime | None
    last_status: int | None
    last_error: str
    created_at: datetime


@router.get("/webhooks", response=Paged[WebhookOut], **call("webhooks:read", _("List webhooks")))
def list_webhooks(request: HttpRequest, cut: PageOf) -> Paged[WebhookOut]:  # noqa: ARG001 ninja finds the request by this name
    found, next_cursor = page_of(Webhook.objects.all(), order=(("id", UUID),), cut=cut)
    return Paged[WebhookOut](data=[_out(row) for row in found], next_cursor=next_cursor)


@router.post(
    "/webhooks",
    response={201: NewWebhook},
    **call(
        "webhooks:write", _("Subscribe to facts"), _("Facts recorded from now on are sent, signed, to the address.")
    ),
)
def add_webhook(request: HttpRequest, idempotency_key: IdempotencyKey, wanted: WebhookIn) -> HttpResponse:
    def act() -> Made:
        try:
            made = subscribe(
                **wanted.model_dump(),
                local_allowed=settings.ALLOW_LOCAL_WEBHOOKS,
                at=clock.now(),
                by=caller(request).actor,
            )
        except WebhookRefusedError as refused:
            raise _refusal(refused) from refused
        new = NewWebhook(**_out(made.webhook).model_dump(), secret=made.secret)
        return Made(201, new, {"ETag": preconditions.etag(made.webhook.version)})

    return once(request, idempotency_key, act)


@router.get("/webhooks/{webhook_id}", response=WebhookOut, **call("webhooks:read", _("Read a webhook")))
def read_webhook(request: HttpRequest, webhook_id: UUID, response: HttpResponse) -> WebhookOut:  # noqa: ARG001 ninja finds the request by this name
    found = Webhook.objects.filter(pk=webhook_id).first()
    if found is None:
        raise Http404
    response.headers["ETag"] = preconditions.etag(found.version)
    return _out(found)


@router.patch(
    "/webhooks/{webhook_id}",
    response=WebhookOut,
    **call(
        "webhooks:write", _("Change a webhook"), _("Only what is given changes. Enabling forgets earlier failures.")
    ),
)
def patch_webhook(
    request: HttpRequest,  # noqa: ARG001 ninja finds the request by this name
    webhook_id: UUID,
    wanted: WebhookChange,
    response: HttpResponse,
    if_match: IfMatch = "",
) -> WebhookOut:
    need_if_match(if_match)
    changes = wanted.model_dump(exclude_none=True)
    if "enabled" in changes:
        changes["is_enabled"] = changes.pop("enabled")
    try:
        changed = change_webhook(
            webhook_id,
            is_seen=lambda version: preconditions.matches(if_match, version),
            local_allowed=settings.ALLOW_LOCAL_WEBHOOKS,
            **changes,
        )
    except Webhook.DoesNotExist:
        raise Http404 from None
    except VersionPassedError as passed:
        raise changed_meanwhile() from passed
    except WebhookRefusedError as refused:
        raise _refusal(refused) from refused
    response.headers["ETag"] = preconditions.etag(changed.version)
    return _out(changed)


@router.delete("/webhooks/{webhook_id}", response={204: None}, **call("webhooks:write", _("End a webhook")))
def delete_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:  # noqa: ARG001 ninja finds the request by this name
    if not end_webhook(webhook_id):
        raise Http404
    return HttpResponse(status=204)


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    response=Paged[DeliveryOut],
    **call("webhooks:read", _("List deliveries"), _("Deliveries of the last thirty days, by position.")),
)
def list_deliveries(request: HttpRequest, webhook_id: UUID, cut: PageOf) -> Paged[DeliveryOut]:  # noqa: ARG001 ninja finds the request by this name
    if not Webhook.objects.filter(pk=webhook_id).exists():
        raise Http404
    rows = Delivery.objects.filter(webhook_id=webhook_id)
    found, next_cursor = page_of(rows, order=(("position", int),), cut=cut)
    return Paged[DeliveryOut](data=[_delivery(row) for row in found], next_cursor=next_cursor)


@router.post(
    "/deliveries/{delivery_id}/replay",
    response={202: DeliveryOut},
    **call("webhooks:write", _("Deliver again"), _("From the first attempt on, under the same webhook-id.")),
)
def replay_delivery(request: HttpRequest, delivery_id: UUID, idempotency_key: IdempotencyKey) -> HttpResponse:
    def act() -> Made:
        found = replay(delivery_id, at=clock.now())
        if found is None:
            raise Http404
        return Made(202, _delivery(found))

    return once(request, idempotency_key, act)


def _refusal(refused: WebhookRefusedError) -> ProblemError:
    field = "body.url" if refused.code in {"bad_url", "not_https"} else "body.kinds"
    return wrong_value(field, _reason(refused.code), refused.code)


def _reason(code: str) -> str:
    return {
        "bad_url": gettext("This is no address that can be sent to."),
        "not_https": gettext("The address must begin with https://."),
        "no_kinds": gettext("Name at least one kind."),
        "unknown_kind": gettext("There is no such kind of fact."),
    }[code]


def _out(row: Webhook) -> WebhookOut:
    return WebhookOut(
        id=row.pk,
        url=row.url,
        kinds=row.kinds,
        description=row.description,
        enabled=row.is_enabled,
        disabled_because=row.disabled_because,
        failing_since=row.failing_since,
        version=row.version,
        created_at=row.created_at,
    )


def _delivery(row: Delivery) -> DeliveryOut:
    names = [name for name in DeliveryOut.model_fields if name != "webhook_id"]
    return DeliveryOut(webhook_id=row.webhook_id, **{name: getattr(row, name) for name in names})
