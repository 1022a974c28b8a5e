"""Choices of a form's field that are known only when the form is made."""

from collections.abc import Iterable
from typing import Any

from django.forms import BaseForm, ChoiceField


def offer_choices(form: BaseForm, name: str, choices: Iterable[Any]) -> None:
    """Let the field `name` offer these, as Django writes choices. Raises TypeError for a field that has none."""
    field = form.fields[name]
    if not isinstance(field, ChoiceField):
        raise TypeError(f"{name} is no field of choices")
    field.choices = list(choices)
