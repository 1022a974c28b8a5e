"""Registers the API's shell with Django."""

from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "shouyue.rest"
    label = "rest"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shouyue.rest import registry

        registry.add(
            registry.RoomRoutes(
                name="rest",
                order=90,
                router="shouyue.rest.rest.router",
                scopes=("webhooks:read", "webhooks:write"),
            )
        )
