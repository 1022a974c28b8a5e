"""Inputs of forms that several rooms use."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """A day in the browser's own field, which stays empty unless it gets 2026-11-27, whatever the page's language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
