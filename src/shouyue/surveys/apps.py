"""Registers the surveys room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shouyue.rest import registry
from shouyue.store.contributions import timeline
from shouyue.web import frame


class SurveysConfig(AppConfig):
    name = "shouyue.surveys"
    label = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Records exist only once every room is loaded.
        from shouyue.agreement.public import improvements
        from shouyue.surveys.answers import panels
        from shouyue.surveys.results.queries.remeasuring import remeasured, result_choices

        timeline.add(panels.ANSWERS)
        improvements.offer(result_choices, remeasured)
        frame.add(frame.RailEntry(order=30, label=_("Surveys"), url_name="surveys:list"))
        registry.add(
            registry.RoomRoutes(
                name="waves", order=31, router="shouyue.surveys.sheets.rest.router", scopes=("answers:write",)
            )
        )
        registry.add(
            registry.RoomRoutes(
                name="answers",
                order=30,
                router="shouyue.surveys.answers.rest.router",
                scopes=("answers:read",),
                facts={
                    "AnswersRecorded": gettext_noop("A batch of answers was kept."),
                    "AnswersImported": gettext_noop("An import of answers was finished."),
                    "WaveOpened": gettext_noop("A sample was drawn and its links work."),
                    "WaveToppedUp": gettext_noop("The planned rest of a sample is asked."),
                    "WaveClosed": gettext_noop("A wave was closed and has a result."),
                    "SurveyAnswered": gettext_noop("A customer sent the sheet of a survey."),
                    "DetractorHeard": gettext_noop("A customer answered that they are dissatisfied."),
                },
            )
        )
