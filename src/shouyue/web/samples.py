"""What /style shows: invented figures, in the shapes that rooms hand to the components."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.web import breakdowns, charts
from shouyue.web.breakdowns import HeatRow, Step
from shouyue.web.charts import Bar, Point
from shouyue.web.paging import Page
from shouyue.web.states import LOOKS


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), help_text=_("As on the contract."), max_length=80)
    share = forms.IntegerField(label=_("Target"), min_value=0, max_value=100)
    party = forms.ChoiceField(label=_("Party"), choices=[("a", _("Party A")), ("b", _("Party B"))])
    rule = forms.ChoiceField(
        label=_("Decision rule"), choices=[("exact", _("Exact")), ("literal", _("Literal"))], widget=forms.RadioSelect
    )
    remark = forms.CharField(label=_("Remark"), widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label=_("Both parties have agreed"), required=False)


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A line of the sample table."""

    clause: str
    title: Any
    party: str
    state: str
    value: float | None
    low: float | None
    high: float | None


def context(typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Everything that `web/style.html` shows. typed: of a draft that is restored into the form."""
    bound = SampleForm({"name": "", "share": "140", "party": "a", "rule": "exact"})
    return {
        "looks": list(LOOKS),
        "form": SampleForm(initial=dict(typed) if typed else {"name": "守约", "share": 90, "rule": "exact"}),
        "kept": None,
        "bound": bound,
        "rows": _ROWS,
        "page": Page(rows=[], next_url="?after=x", previous_url="?before=x", total=10_000, is_exact=False),
        **_charts(),
    }


def _charts() -> dict[str, charts.Chart]:
    return {
        "interval": charts.interval_chart(
            Point(label=_("Q3 2026"), value=0.913, low=0.888, high=0.933, size=480), target=0.9, title=_("Satisfaction")
        ),
        "census": charts.interval_chart(
            Point(label=_("Q3 2026"), value=0.734, state="missed", size=56_212), target=0.8, title=_("Freshness")
        ),
        "trend": charts.trend_chart(_SERIES, target=0.8, title=_("Loyalty by quarter")),
        "banded": charts.trend_chart(_SERIES, target=0.8, title=_("Loyalty, as a band"), is_banded=True),
        "pareto": breakdowns.pareto_chart(_GROUPS, title=_("Causes by weight"), label=_("Cause"), value=_("Cases")),
        "funnel": breakdowns.funnel_chart(_STEPS, title=_("From invitation to answer")),
        "heat": breakdowns.heat_map(
            _COHORTS,
            columns=["Q1", "Q2", "Q3", "Q4"],
            title=_("Bought again, by first quarter"),
            label=_("First bought"),
        ),
        "bars": charts.bar_chart(_GROUPS, title=_("Complaints by cause"), label=_("Cause"), value=_("Cases")),
        "columns": charts.column_chart(_MONTHS, title=_("Orders by month"), label=_("Month"), value=_("Orders")),
    }


_SERIES = [
    Point(label="24 Q4", value=None, state="not_measured"),
    Point(label="25 Q1", value=0.731, state="missed", size=41_250),
    Point(label="Q2", value=0.779, low=0.735, high=0.818, state="at_risk", size=310),
    Point(label="Q3", value=0.802, low=0.764, high=0.838, size=355),
    Point(label="Q4", value=0.816, low=0.783, high=0.846, size=402),
    Point(label="26 Q1", value=0.828, low=0.8, high=0.854, state="met", size=451),
    Point(label="Q2", value=0.832, low=0.805, high=0.857, state="met", size=470),
    Point(label="Q3", value=0.846, low=0.821, high=0.868, state="met", size=480),
]
_GROUPS = [
    Bar(label=_("Late delivery"), value=181, shown="181", tone="seal"),
    Bar(label=_("Exchange took too long"), value=96, shown="96", tone="amber"),
    Bar(label=_("Wrong amount charged"), value=34, shown="34"),
    Bar(label=_("Other"), value=0, shown="0", tone="quiet"),
]
_MONTHS = [
    Bar(label=f"{month}", value=value, shown=f"{value:,}")
    for month, value in enumerate([1840, 1620, 2210, 2105, 2480, 2390, 2251, 2300, 2710, 2955, 3420, 3105], start=1)
]
_STEPS = [
    Step(label=_("Invited"), count=2400),
    Step(label=_("Delivered"), count=2281),
    Step(label=_("Opened"), count=1106),
    Step(label=_("Answered"), count=480),
]
_COHORTS = [
    HeatRow(label="25 Q1", values=[1.0, 0.61, 0.52, 0.47]),
    HeatRow(label="25 Q2", values=[1.0, 0.58, 0.49, None]),
    HeatRow(label="25 Q3", values=[1.0, 0.66, None, None]),
    HeatRow(label="25 Q4", values=[1.0, None, None, None]),
]
_ROWS = [
    SampleRow("4.4", _("Complaints answered within two working days"), "b", "at_risk", 0.961, None, None),
    SampleRow("4.1", _("Customer records accurate"), "a", "met", 0.972, 0.948, 0.986),
    SampleRow("4.1(2)", _("Customer records verified in the last half year"), "b", "missed", 0.734, None, None),
    SampleRow("5.2", _("Offers in line with the market"), "a", "undetermined", 0.061, 0.052, 0.071),
    SampleRow("6.2(4)", _("Review report and advice on renewal"), "b", "not_due", None, None, None),
    SampleRow("3.2", _("Loyalty survey"), "b", "not_measured", None, None, None),
]
