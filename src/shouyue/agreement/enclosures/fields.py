"""A form field for files that are kept with the contract."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.enclosures.actions import SIZE_MAX, kind_of


class EnclosureField(forms.FileField):
    """A PNG, JPEG or PDF file of at most 8 MB. images_only: no PDF."""

    def __init__(self, *, images_only: bool = False, **options: Any) -> None:
        accepted = "image/png,image/jpeg" + ("" if images_only else ",application/pdf")
        super().__init__(widget=forms.FileInput(attrs={"accept": accepted}), max_length=120, **options)
        self.images_only = images_only

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = super().clean(data, initial)
        if not given:
            return None
        if given.size > SIZE_MAX:
            raise forms.ValidationError(_("The file is larger than 8 MB. Scan it in grey or with fewer points."))
        kind = kind_of(given.read(16))
        given.seek(0)
        if kind is None or (self.images_only and kind == "application/pdf"):
            words = _("Choose a PNG or JPEG image.") if self.images_only else _("Choose a PDF, PNG or JPEG file.")
            raise forms.ValidationError(words)
        return given
