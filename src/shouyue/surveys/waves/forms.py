"""Input of the planner."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.web.choices import offer_choices

WANTED_MAX = 100_000
# Exact limits of two looks at more answers than this take seconds.
TOP_UP_ANSWERS_MAX = 3_000


class PlanForm(forms.Form):
    """What a wave shall be; every field has a value that a first wave can be drawn with."""

    questionnaire = forms.ChoiceField(label=_("Questionnaire"))
    wanted = forms.IntegerField(label=_("Customers to ask"), min_value=1, max_value=WANTED_MAX)
    response_percent = forms.IntegerField(
        label=_("Expected response rate (%)"), min_value=1, max_value=100, help_text=_("What the last waves reached.")
    )
    cost_yuan = forms.DecimalField(
        label=_("Cost of asking one customer (yuan)"), min_value=0, max_value=10_000, decimal_places=2, required=False
    )
    strata = forms.ChoiceField(
        label=_("Draw"), required=False, choices=[("", _("simple: everybody alike")), ("region", _("by region"))]
    )
    allocation = forms.ChoiceField(
        label=_("Between the regions"),
        required=False,
        choices=[
            ("", _("in proportion to their customers")),
            ("optimal", _("more where opinions differ, weighted back")),
        ],
        help_text=_("Only for a draw by region. The spread of each region is taken from the last closed wave."),
    )
    top_up = forms.IntegerField(
        label=_("Asked in addition if nothing can be concluded"),
        required=False,
        min_value=0,
        max_value=WANTED_MAX,
        help_text=_("A second look has to be planned now: the risk of a wrong verdict is split between both looks."),
    )
    is_anonymous = forms.BooleanField(
        label=_("Anonymous"),
        required=False,
        help_text=_(
            "No answer can be joined to a customer, by anybody. Nobody is called back, and nobody asks in person."
        ),
    )
    closes_on = forms.DateField(
        label=_("Last day for answers"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, questionnaires: list[tuple[str, str]], today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = today
        offer_choices(self, "questionnaire", questionnaires)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        last = told.get("closes_on")
        if last is not None and not self.today <= last <= self.today + timedelta(days=92):
            self.add_error("closes_on", _("Choose a day from today on and within three months."))
        if told.get("is_anonymous") and told.get("strata"):
            self.add_error(
                "strata", _("An anonymous wave draws everybody alike: a region would say more of who answered.")
            )
        if told.get("is_anonymous") and told.get("top_up"):
            self.add_error("top_up", _("An anonymous wave has one look: what came between two looks would be few."))
        asked = (told.get("wanted") or 0) + (told.get("top_up") or 0)
        if told.get("top_up") and asked * (told.get("response_percent") or 100) > 100 * TOP_UP_ANSWERS_MAX:
            self.add_error(
                "top_up", _("A wave with a top-up may expect at most 3,000 answers. So many decide in one look.")
            )
        return told
