"""Input of the screens of what was sold."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouyue.web.sources import source_choices


class ProductFilters(forms.Form):
    """What the list of products shows. sources: names of the sources there are; categories: choices by id."""

    words = forms.CharField(label=_("Code or name"), required=False, max_length=80)
    category = forms.ChoiceField(label=_("Category"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    is_active = forms.ChoiceField(
        label=pgettext_lazy("a product", "On sale"),
        required=False,
        choices=[("", _("All")), ("yes", pgettext_lazy("a product", "on sale")), ("no", _("no longer sold"))],
    )

    def __init__(self, *args: Any, sources: list[str], categories: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"] = forms.ChoiceField(
            label=_("Source"), required=False, choices=source_choices(sources, _("All sources"))
        )
        if categories:
            self.fields["category"] = forms.ChoiceField(
                label=_("Category"), required=False, choices=[("", _("All categories")), *categories]
            )
        else:
            del self.fields["category"]

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that say something; none when one of them cannot be read."""
        return {name: value for name, value in (self.cleaned_data if self.is_valid() else {}).items() if value}
