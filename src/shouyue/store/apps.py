"""Registers the store room with Django."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class StoreConfig(AppConfig):
    name = "shouyue.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouyue.store import checks  # noqa: F401 registers them
        from shouyue.store.members import forgetting  # noqa: F401 declares its job
        from shouyue.store.outgoing import sandbox, smtp  # noqa: F401 registers the channels

        autodiscover_modules("jobs")  # every room's declarations: web shows their titles, workers run them
