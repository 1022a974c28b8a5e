"""Input of the planner: the wave, and the margins that its answers shall be weighted to."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouyue.surveys.waves.queries.weighting import ATTRIBUTES, category_name
from shouyue.surveys.weights.public import CATEGORIES_MAX, Margins, MarginsError, Problem, checked, pasted
from shouyue.web.choices import offer_choices
from shouyue.web.format import decimal
from shouyue.web.inputs import DayInput

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
    margins = forms.MultipleChoiceField(
        label=_("Weight answers to known margins"),
        required=False,
        choices=list(ATTRIBUTES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Where it is known how many customers there are of each, answers are weighted until they show the same. "
            "Look ahead to enter the numbers."
        ),
    )
    is_anonymous = forms.BooleanField(
        label=_("Anonymous"),
        required=False,
        help_text=_(
            "No answer can be joined to a customer, by anybody. Nobody is called back, and nobody asks in person."
        ),
    )
    closes_on = forms.DateField(label=_("Last day for answers"), widget=DayInput())

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
        if told.get("is_anonymous") and told.get("margins"):
            self.add_error(
                "is_anonymous", _("An anonymous wave cannot be weighted: each answer would have to say of whom it is.")
            )
        if told.get("is_anonymous") and told.get("top_up"):
            self.add_error("top_up", _("An anonymous wave has one look: what came between two looks would be few."))
        asked = (told.get("wanted") or 0) + (told.get("top_up") or 0)
        if told.get("top_up") and asked * (told.get("response_percent") or 100) > 100 * TOP_UP_ANSWERS_MAX:
            self.add_error(
                "top_up", _("A wave with a top-up may expect at most 3,000 answers. So many decide in one look.")
            )
        return told


class MarginsForm(forms.Form):
    """The known number of each category of the frame, beside each other in a table; or lines pasted from a spreadsheet.

    categories: customers of the frame by attribute and category.
    """

    unit = forms.ChoiceField(
        label=_("The numbers are"),
        required=False,
        choices=[("percent", _("percent")), ("count", _("numbers of customers"))],
        help_text=_(
            "Percentages of an attribute sum to 100, give or take 0.1; numbers of customers sum to the same for each."
        ),
    )
    pasted = forms.CharField(
        label=_("Lines from a spreadsheet"),
        required=False,
        strip=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Attribute, category and number in three columns, as Excel copies them. They fill in the table."),
    )

    def __init__(
        self, *args: Any, categories: Mapping[str, Mapping[str, int]], is_pasting: bool = False, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.categories = categories
        self.is_pasting = is_pasting
        self.margins: Margins | None = None
        self.filled: dict[str, str] = {}
        for attribute, category in self._places():
            field = forms.CharField(label=category_name(attribute, category), required=False, max_length=30)
            field.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
            self.fields[field_name(attribute, category)] = field
        for one in self.fields.values():
            # The table stands beside the form of the wave and is sent with it.
            one.widget.attrs["form"] = "wave-form"

    def rows(self) -> list[tuple[str, list[tuple[forms.BoundField, int, float]]]]:
        """For each attribute: the field of each category, with its customers in the frame and their share."""
        found = []
        for attribute, known in self.categories.items():
            whole = sum(known.values())
            lines = [(self[field_name(attribute, one)], size, size / whole) for one, size in known.items()]
            found.append((str(ATTRIBUTES[attribute]), lines))
        return found

    def clean(self) -> dict[str, Any]:
        """Keeps the margins; or, of pasted lines, what they fill the table with."""
        told = super().clean() or {}
        try:
            if self.is_pasting:
                self.filled = self._from_lines(told.get("pasted", ""), told.get("unit") or "percent")
            else:
                self.margins = checked(self._values(), told.get("unit") or "percent", self.categories)
        except MarginsError as refusal:
            self.refuse(refusal)
        return told

    def refuse(self, refusal: MarginsError) -> None:
        """Say beside each field what is wrong with it, and above the table what is wrong with all."""
        for one in refusal.problems:
            name = field_name(one.attribute, one.category or "")
            is_here = one.category is not None and name in self.fields
            beside = name if is_here and not self.is_pasting else None
            self.add_error("pasted" if self.is_pasting else beside, _said(one))

    def from_frame(self) -> dict[str, str]:
        """What the table holds when the frame's own counts are the margins."""
        counts = {field_name(*place): str(self.categories[place[0]][place[1]]) for place in self._places()}
        return {"unit": "count", **counts}

    def _from_lines(self, text: str, unit: str) -> dict[str, str]:
        words = {str(word).casefold(): name for name, word in ATTRIBUTES.items() if name in self.categories}
        known = {
            name: {word.casefold(): one for one in categories for word in (one, category_name(name, one))}
            for name, categories in self.categories.items()
        }
        told = pasted(text, words | {name: name for name in self.categories}, known)
        numbers = {field_name(name, one): number for name, row in told.items() for one, number in row.items()}
        return {"unit": "percent" if "%" in text or "％" in text else unit, **numbers}

    def _values(self) -> dict[str, dict[str, str]]:
        """What was entered, also for categories that the frame no longer has."""
        values: dict[str, dict[str, str]] = {}
        for name, text in self.data.items():
            attribute, category = _place_of(name)
            if attribute in self.categories and str(text).strip():
                values.setdefault(attribute, {})[category] = str(text).strip()
        return values

    def _places(self) -> list[tuple[str, str]]:
        return [(attribute, category) for attribute, known in self.categories.items() for category in known]


def field_name(attribute: str, category: str) -> str:
    """The field of a category; its text as hexadecimal, for an id on a page holds no spaces."""
    return f"margin-{attribute}-{category.encode().hex()}"


def _place_of(name: str) -> tuple[str, str]:
    """Attribute and category of a field; empty ones for other fields."""
    head, _dash, rest = name.partition("-")
    attribute, _dash, told = rest.partition("-")
    try:
        return (attribute, bytes.fromhex(told).decode()) if head == "margin" else ("", "")
    except ValueError:
        return ("", "")


def _said(one: Problem) -> str:
    """What is wrong, and what to do."""
    if one.reason == "line":
        line = _("“%(line)s” is not an attribute, a category and a number. Copy three columns.")
        return str(line) % {"line": one.text}
    if one.reason == "count_sum":
        pair = _("%(title)s: %(text)s")
        sums = [str(pair) % {"title": ATTRIBUTES[name], "text": decimal(text)} for name, text in one.sums]
        differ = _("The sums differ: %(sums)s. All count the same customers, so correct them until they agree.")
        return str(differ) % {"sums": gettext("; ").join(sums)}
    told = {
        "attribute": str(ATTRIBUTES[one.attribute]),
        "category": category_name(one.attribute, one.category or ""),
        "text": decimal(one.text) if one.reason in {"many", "percent_sum"} else one.text,
        "most": CATEGORIES_MAX,
    }
    words = {
        "number": _("“%(text)s” is not a number. Write 25 or 25.5."),
        "positive": _("The number lies above 0, for the frame has customers of this category."),
        "missing": _("Enter a number: every category of the frame needs one."),
        "twice": _("%(attribute)s: “%(category)s” is there twice. Leave one line."),
        "unknown": _("%(attribute)s: nobody in the frame is “%(category)s”. Take it out, or correct the word."),
        "many": _("%(attribute)s has %(text)s categories; at most %(most)s can be weighted to. Choose another."),
        "percent_sum": _("%(attribute)s: the percentages sum to %(text)s. They must sum to 100, give or take 0.1."),
    }
    return str(words[one.reason]) % told
