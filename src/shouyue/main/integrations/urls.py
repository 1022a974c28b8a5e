"""Addresses of the pages for keys and webhooks."""

from django.urls import path

from shouyue.main.integrations import desk

app_name = "integrations"
urlpatterns = [
    path("", desk.home, name="home"),
    path("keys", desk.add_key, name="add_key"),
    path("keys/<slug:prefix>/revoke", desk.end_key, name="end_key"),
    path("webhooks", desk.add_webhook, name="add_webhook"),
    path("webhooks/<uuid:webhook_id>/", desk.webhook, name="webhook"),
    path("webhooks/<uuid:webhook_id>/switch", desk.switch_webhook, name="switch_webhook"),
    path("deliveries/<uuid:delivery_id>/replay", desk.replay_delivery, name="replay"),
]
