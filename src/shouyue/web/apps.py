"""Registers the web room with Django and puts its own page on the rail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shouyue.web import frame
from shouyue.web.portal import frame as portal


class WebConfig(AppConfig):
    name = "shouyue.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Records exist only once every room is loaded.
        from shouyue.store.contributions import work
        from shouyue.web import desk
        from shouyue.web.habits import job_work, undo, views_desk

        work.add("web.jobs", job_work.failed_jobs)
        frame.add(frame.RailEntry(order=15, label=_("My work"), url_name="web:work"))

        undo.register(views_desk.UNDO, views_desk.restore)
        undo.register(desk.STYLE_UNDO, desk.style_undone)
        # Records exist only once every room is loaded.
        from shouyue.web.portal.sandbox_desk import reads_sandbox

        portal.add_tab(portal.Tab(order=10, label=_("Home"), url_name="portal:home"))
        frame.add(
            frame.RailEntry(
                order=95,
                label=_("Sandbox messages"),
                url_name="portal:sandbox_messages",
                shown_to=reads_sandbox,
                at_foot=True,
            )
        )
        frame.add(frame.RailEntry(order=90, label=_("Background jobs"), url_name="web:jobs", at_foot=True))
        frame.add_action(frame.Action(order=90, label=_("Change my password"), url_name="account_change_password"))
        frame.add_action(frame.Action(order=95, label=_("See every component"), url_name="web:style"))
