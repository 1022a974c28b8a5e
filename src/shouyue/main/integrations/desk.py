"""Keys and webhooks on screen. Party A lets programs in; Party B may have things delivered again; all may look."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shouyue.kernel import clock
from shouyue.main.integrations.forms import KeyForm, WebhookForm
from shouyue.rest.actions.webhooks import change_webhook
from shouyue.rest.models import ApiKey, Delivery, Webhook
from shouyue.rest.public import KeyRefusedError, WebhookRefusedError, make_key, replay, revoke_key, subscribe
from shouyue.store.models import Party
from shouyue.web.paging import page_of
from shouyue.web.staff import staff_name

_KEYS_MAX = 200


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every key and every receiver, and the forms for new ones."""
    return _page(request)


@require_POST
@never_cache
def add_key(request: HttpRequest) -> HttpResponse:
    """Make a key and show its token, this once."""
    _only(request, Party.A)
    form = KeyForm(request.POST)
    if form.is_valid():
        try:
            made = make_key(**form.cleaned_data, at=clock.now(), by=staff_name(request))
        except KeyRefusedError:
            form.add_error("name", _("Use a name without special characters."))
        else:
            return _page(request, shown={"name": made.key.name, "text": made.token, "is_key": True})
    return _page(request, key_form=form, status=422)


@require_POST
def end_key(request: HttpRequest, prefix: str) -> HttpResponse:
    """Revoke a key."""
    _only(request, Party.A)
    revoke_key(prefix, at=clock.now(), by=staff_name(request))
    messages.success(request, _("The key was revoked. Programs that use it are refused from now on."))
    return redirect("integrations:home")


@require_POST
@never_cache
def add_webhook(request: HttpRequest) -> HttpResponse:
    """Subscribe a receiver and show its secret, this once."""
    _only(request, Party.A)
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            made = subscribe(
                **form.cleaned_data,
                local_allowed=settings.ALLOW_LOCAL_WEBHOOKS,
                at=clock.now(),
                by=staff_name(request),
            )
        except WebhookRefusedError as refused:
            is_scheme = refused.code == "not_https"
            words = (
                _("The address must begin with https://.") if is_scheme else _("Nothing can be sent to this address.")
            )
            form.add_error("url", words)
        else:
            return _page(request, shown={"name": made.webhook.url, "text": made.secret, "is_key": False})
    return _page(request, webhook_form=form, status=422)


@require_POST
def switch_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Switch a receiver on or off; on, it gets what waited."""
    _only(request, Party.A)
    webhook = get_object_or_404(Webhook, pk=webhook_id)
    change_webhook(
        webhook_id,
        is_seen=lambda _version: True,
        is_enabled=not webhook.is_enabled,
        local_allowed=settings.ALLOW_LOCAL_WEBHOOKS,
    )
    return redirect("integrations:webhook", webhook_id)


@require_safe
def webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """One receiver: its state and its deliveries, newest first."""
    found = get_object_or_404(Webhook, pk=webhook_id)
    page = page_of(Delivery.objects.filter(webhook=found), order=("-position",), request=request)
    context = {"webhook": found, "page": page, **_rights(request)}
    return render(request, "main/webhook.html", context)


@require_POST
def replay_delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Have a delivery made once more."""
    _only(request, Party.A, Party.B)
    delivery = get_object_or_404(Delivery, pk=delivery_id)
    replay(delivery_id, at=clock.now())
    messages.success(request, _("It will be delivered again in a moment."))
    return redirect("integrations:webhook", delivery.webhook_id)


def _page(
    request: HttpRequest,
    *,
    key_form: KeyForm | None = None,
    webhook_form: WebhookForm | None = None,
    shown: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "keys": ApiKey.objects.order_by("-created_at", "-id")[:_KEYS_MAX],
        "webhooks": Webhook.objects.order_by("-created_at", "-id")[:_KEYS_MAX],
        "key_form": key_form or KeyForm(),
        "webhook_form": webhook_form or WebhookForm(),
        "shown": shown,
        "now": clock.now(),
        **_rights(request),
    }
    return render(request, "main/integrations.html", context, status=status)


def _only(request: HttpRequest, *parties: Party) -> None:
    """Refuses everybody of another party."""
    if getattr(request.user, "party", "") not in parties:
        raise PermissionDenied


def _rights(request: HttpRequest) -> dict[str, bool]:
    party = getattr(request.user, "party", "")
    return {"may_change": party == Party.A, "may_replay": party in {Party.A, Party.B}}
