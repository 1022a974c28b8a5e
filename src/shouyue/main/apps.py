"""Registers main with Django: its own pages and background work."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shouyue.web import frame


class MainConfig(AppConfig):
    name = "shouyue.main"
    label = "main"

    def ready(self) -> None:
        frame.add(frame.RailEntry(order=90, label=_("API and webhooks"), url_name="integrations:home", at_foot=True))
