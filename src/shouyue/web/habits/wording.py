"""What an address of a list asks for, in words: the names of its filters and of what was chosen in them."""

from collections.abc import Iterator
from typing import Any

from django.forms import ChoiceField, Field, Form
from django.http import QueryDict
from django.utils.translation import gettext as _

from shouyue.store.models import Staff
from shouyue.store.saved.views import views_for
from shouyue.web.habits import lists


class Wording:
    """Says what addresses ask for, as this person sees the lists. Each list's filters and views are read once."""

    def __init__(self, reader: Staff) -> None:
        self._reader = reader
        self._forms: dict[str, Form | None] = {}
        self._views: dict[str, dict[str, str]] = {}

    def heading(self, name: str) -> str:
        """What people call the list; its name where this version no longer has it."""
        listing = lists.declared(name)
        return str(listing.heading) if listing else name

    def view(self, name: str, query: str) -> str:
        """The saved view that asks for exactly this; "" without one."""
        if name not in self._views:
            saved = views_for(self._reader, listing=name)
            self._views[name] = {lists.view_query(QueryDict(one.query)): one.name for one in saved}
        return self._views[name].get(query, "") if query else ""

    def filters(self, name: str, query: str) -> str:
        """For instance "Kind: sale; City: Suzhou"; that nothing was left out where there are no filters."""
        if name not in self._forms:
            listing = lists.declared(name)
            self._forms[name] = listing.filters(QueryDict()) if listing and listing.filters else None
        form = self._forms[name]
        said = list(_said(form, QueryDict(query))) if form else []
        return _("; ").join(said) if said else _("without filters")


def _said(form: Form, asked: QueryDict) -> Iterator[str]:
    for name, field in form.fields.items():
        told = [text for text in asked.getlist(name) if text]
        if told and field.widget.is_hidden:
            yield str(field.label or name)
        elif told:
            shown = _(", ").join(_chosen(field, text) for text in told)
            yield _("%(filter)s: %(value)s") % {"filter": field.label or name, "value": shown}


def _chosen(field: Field, text: str) -> str:
    """What the reader saw of it: the label of a choice without its indent."""
    if not isinstance(field, ChoiceField):
        return text
    choices: Any = field.choices  # pairs, once the form is made
    labels = {str(value): str(label) for value, label in choices if not isinstance(label, list | tuple)}
    return labels.get(text, _("no longer there")).strip()
