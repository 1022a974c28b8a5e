"""The forms of the wizard: what a file is and which of its columns is which field."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.numbers import list_currencies
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shouyue.intake.public import Choice, Look, Proposed
from shouyue.intake.rules import writings
from shouyue.intake.rules.fields import TARGETS
from shouyue.intake.targets import LABELS

DAY_STYLES = {
    writings.ISO: _("2026-03-01 14:05, or real dates of the workbook"),
    writings.YEAR_FIRST: _("2026/3/1 14:05 or 2026年3月1日"),
    writings.DAY_FIRST: _("1/3/2026: the day first"),
    writings.MONTH_FIRST: _("3/1/2026: the month first"),
    writings.SERIAL: _("46082.5: the number of the day in Excel"),
}
AMOUNT_STYLES = {
    writings.PLAIN: _("1289.00: digits and a point"),
    writings.POINT: _("¥1,289.00: commas part the thousands"),
    writings.COMMA: _("1.289,00: points part the thousands"),
}
_PREFIX = "field-"


class PasteForm(forms.Form):
    """A table out of a spreadsheet, as the clipboard gives it."""

    cells = forms.CharField(
        label=_("Cells"),
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false", "class": "mono"}),
        help_text=_(
            "Mark the cells in Excel or WPS with their column names in the first row, copy them, and paste them here. "
            "For more than a few thousand rows bring the file in instead."
        ),
    )


class ReadingForm(forms.Form):
    """One select for each field of the target, and how the file writes days and amounts."""

    day_style = forms.ChoiceField(label=_("How days are written"), choices=list(DAY_STYLES.items()))
    amount_style = forms.ChoiceField(label=_("How amounts are written"), choices=list(AMOUNT_STYLES.items()))
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Three letters such as CNY or EUR."))
    zone = forms.CharField(
        label=_("Time zone of the clocks"), max_length=64, help_text=_("Such as Asia/Shanghai or Europe/Berlin.")
    )

    def __init__(self, data: QueryDict | None, *, look: Look, proposed: Proposed) -> None:
        columns = {f"{_PREFIX}{name}": column for name, column in proposed.columns.items()}
        initial = {
            **columns,
            "day_style": proposed.day_style,
            "amount_style": proposed.amount_style,
            "currency": proposed.currency,
            "zone": proposed.zone,
        }
        super().__init__(data, initial=initial)
        self._look, self._target = look, proposed.target
        choices = [("", _("– not in this file –")), *((name, name) for name in look.columns)]
        for field in TARGETS[proposed.target]:
            self.fields[f"{_PREFIX}{field.name}"] = forms.ChoiceField(
                label=LABELS[field.name], choices=choices, required=field.is_required
            )
        if proposed.target != "orders":
            self.fields.pop("currency")
            self.fields.pop("amount_style")

    def of_columns(self) -> list[forms.BoundField]:
        """The selects of columns, in the order of the fields."""
        return [self[name] for name in self.fields if name.startswith(_PREFIX)]

    def of_writings(self) -> list[forms.BoundField]:
        """Everything else."""
        return [self[name] for name in self.fields if not name.startswith(_PREFIX)]

    def clean_currency(self) -> str:
        found: str = self.cleaned_data["currency"].strip().upper()
        if found not in list_currencies():
            raise forms.ValidationError(
                _("“%(name)s” is not a currency of ISO 4217, such as CNY or EUR.") % {"name": found}
            )
        return found

    def clean_zone(self) -> str:
        found: str = self.cleaned_data["zone"].strip()
        try:
            ZoneInfo(found)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            wrong = _("“%(name)s” is not a time zone, such as Asia/Shanghai.") % {"name": found}
            raise forms.ValidationError(wrong) from None
        return found

    def clean(self) -> dict[str, Any]:
        """No column is two fields."""
        cleaned = super().clean() or {}
        first: dict[str, str] = {}
        for name, column in list(cleaned.items()):
            if name.startswith(_PREFIX) and column:
                if column in first:
                    other = LABELS[first[column].removeprefix(_PREFIX)]
                    self.add_error(name, _("This column is “%(field)s” already. Choose another.") % {"field": other})
                first.setdefault(column, name)
        return cleaned

    def choice(self, proposed: Proposed) -> Choice:
        """What was chosen, once the form is valid."""
        chosen = self.cleaned_data
        columns = {name.removeprefix(_PREFIX): chosen[name] for name in chosen if name.startswith(_PREFIX)}
        return Choice(
            target=self._target,
            sheet=self._look.sheet,
            columns={name: column for name, column in columns.items() if column},
            day_style=chosen["day_style"],
            amount_style=chosen.get("amount_style", writings.PLAIN),
            currency=chosen.get("currency", proposed.currency),
            zone=chosen["zone"],
        )
