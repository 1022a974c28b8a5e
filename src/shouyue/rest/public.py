"""The door of the API's shell: what makes and ends keys, and what turns facts into deliveries."""

from shouyue.rest.actions.keys import DAYS_MAX, KeyRefusedError, MadeKey, make_key, revoke_key
from shouyue.rest.actions.webhooks import Subscribed, WebhookRefusedError, replay, subscribe, write_deliveries
from shouyue.rest.registry import fact_kinds, scopes
from shouyue.rest.sending import run_webhooks

__all__ = [
    "DAYS_MAX",
    "KeyRefusedError",
    "MadeKey",
    "Subscribed",
    "WebhookRefusedError",
    "fact_kinds",
    "make_key",
    "replay",
    "revoke_key",
    "run_webhooks",
    "scopes",
    "subscribe",
    "write_deliveries",
]
