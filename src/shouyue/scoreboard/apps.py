"""Registers the scoreboard with Django and puts it first on the rail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shouyue.rest import registry
from shouyue.store.contributions import work
from shouyue.web import frame


class ScoreboardConfig(AppConfig):
    name = "shouyue.scoreboard"
    label = "scoreboard"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Records exist only once every room is loaded.
        from shouyue.agreement.public import offer_missed_targets
        from shouyue.scoreboard import panels

        offer_missed_targets("scoreboard", panels.missed_targets)
        work.add("scoreboard.pressing", panels.pressing_duties)
        frame.add(frame.RailEntry(order=10, label=_("Scoreboard"), url_name="scoreboard:home"))
        registry.add(
            registry.RoomRoutes(
                name="scoreboard",
                order=40,
                router="shouyue.scoreboard.rest.router",
                scopes=("scoreboard:read",),
                facts={"MeasuresTaken": gettext_noop("The measures of an agreement were taken anew.")},
            )
        )
