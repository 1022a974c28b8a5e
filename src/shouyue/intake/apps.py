"""Registers the intake room with Django."""

from collections.abc import Sequence
from uuid import UUID

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shouyue.store import registry as contributed
from shouyue.web import frame

_WAYS_IN, _MEND_HERE = "intake/_ways_in.html", "intake/_mend_here.html"


class IntakeConfig(AppConfig):
    name = "shouyue.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Records exist only once every room is loaded.
        from shouyue.intake.desk.by_hand import mendable
        from shouyue.intake.desk.undo import ways_back

        contributed.add(
            "import.notice",
            contributed.Contribution(
                name="mend",
                order=5,
                title=_("Mend rejected rows"),
                contribute=mendable,
                template="intake/_mend_here.html",
            ),
        )
        contributed.add(
            "import.notice",
            contributed.Contribution(
                name="undo", order=10, title=_("Take back"), contribute=ways_back, template="intake/_way_back.html"
            ),
        )
        contributed.add(
            "customer.actions",
            contributed.Contribution(
                name="paste", order=10, title=_("Paste from a spreadsheet"), contribute=_nothing, template=_WAYS_IN
            ),
        )
        contributed.add(
            "import.actions",
            contributed.Contribution(
                name="new", order=10, title=_("Import a file"), contribute=_nothing, template="intake/_file_in.html"
            ),
        )
        frame.add_action(frame.Action(order=35, label=_("Import a file"), url_name="intake:new", shown_to=_may_import))
        frame.add_action(
            frame.Action(order=36, label=_("Paste from a spreadsheet"), url_name="intake:paste", shown_to=_may_import)
        )


def _may_import(request: HttpRequest) -> bool:
    return getattr(request.user, "party", "") in {"a", "b"}


def _nothing(subjects: Sequence[UUID], reader: contributed.Reader) -> dict[UUID, object]:
    """A button is about nothing in particular."""
    del subjects, reader
    return {}
