"""Input of the customers' screens."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shouyue.customers.people import queries
from shouyue.customers.people.models import Customer, CustomerKind
from shouyue.customers.people.more_fields import MoreField, more_fields
from shouyue.customers.people.rules import editing
from shouyue.web.sources import source_choices

KNOWN, TILL, LISTED = "known", "till", "listed"
MORE = "x-"  # before the name of a declared field in an address or a form
EDITABLE = [one for one in CustomerKind if one != CustomerKind.ANONYMOUS]
LABELS = {"kind": _("Kind"), "country": _("Country"), "region": _("Region"), "city": _("City")}


class CustomerSearch(forms.Form):
    """Who is looked for."""

    who = forms.CharField(
        label=_("Name, phone, e-mail, card or number"),
        help_text=_("Characters, pinyin or initials of the name; a whole phone number or its last four digits."),
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class CustomerFilters(forms.Form):
    """What the list shows. sources: names of the sources there are."""

    number = forms.CharField(label=_("Number at the source"), required=False, max_length=80)
    source = forms.ChoiceField(label=_("Source"), required=False)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Customers who bought")),
            (LISTED, _("Only in a list, no purchase yet")),
            (TILL, _("Till sales to somebody unknown")),
        ],
    )

    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *((one.value, one.label) for one in EDITABLE)]
    )
    country = forms.CharField(label=_("Country"), required=False, max_length=60)
    region = forms.CharField(label=_("Region"), required=False, max_length=60)
    city = forms.CharField(label=_("City"), required=False, max_length=80)

    def __init__(self, *args: Any, sources: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.sources = sources
        choices = source_choices(sources, _("All sources"))
        self.fields["source"] = forms.ChoiceField(label=_("Source"), required=False, choices=choices)
        self.declared = [one for one in more_fields().declared() if one.choices or one.is_free]
        for one in self.declared:
            self.fields[MORE + one.name] = _filter_of(one)

    @property
    def more(self) -> list[forms.BoundField]:
        """The filters by fields that were declared."""
        return [self[MORE + one.name] for one in self.declared]

    @property
    def is_narrow(self) -> bool:
        """Whether something is left out."""
        return self.is_valid() and any(self.cleaned_data.values())


def _filter_of(one: MoreField) -> forms.Field:
    if one.is_free:
        return forms.CharField(label=one.title, required=False, max_length=80)
    return forms.ChoiceField(label=one.title, required=False, choices=[("", _("All")), *one.choices])


def chosen_customers(filters: CustomerFilters) -> tuple[QuerySet[Customer], tuple[str, ...]]:
    """The customers that the filters leave, and the order that lists them."""
    chosen = filters.cleaned_data if filters.is_valid() else {}
    customers, order = _shown(chosen.get("show", ""))
    customers = customers.filter(**{name: chosen[name] for name in ("source", *editing.FIELDS) if chosen.get(name)})
    for one in filters.declared:
        if wanted := chosen.get(MORE + one.name):
            customers = one.narrowed(customers, wanted)
    if chosen.get("number"):
        # With every source named, the look-up goes through the key (source, number).
        customers = customers.filter(source__in=filters.sources, source_key=chosen["number"])
    return customers, order


class EditForm(forms.Form):
    """The new value of one field. field: one of editing.FIELDS; seen: the value that the editor saw."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, field: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if field == "kind":
            choices = [(one.value, one.label) for one in EDITABLE]
            self.fields["value"] = forms.ChoiceField(label=LABELS[field], choices=choices)
        else:
            most = editing.LENGTHS[field]
            self.fields["value"] = forms.CharField(label=LABELS[field], required=False, max_length=most)


def _shown(what: str) -> tuple[QuerySet[Customer], tuple[str, ...]]:
    if what == LISTED:
        return queries.listed_customers(), ("id",)
    newest_first = ("-last_seen_at", "-id")
    if what == TILL:
        return queries.active_customers().filter(kind=CustomerKind.ANONYMOUS), newest_first
    return queries.known_customers(queries.active_customers()), newest_first
