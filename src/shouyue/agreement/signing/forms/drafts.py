"""Input of the pages of drafts."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.enclosures.public import EnclosureField
from shouyue.agreement.signing.models import Draft
from shouyue.agreement.signing.rules.statement import PASSPHRASE_MIN
from shouyue.store.models import Staff
from shouyue.web.inputs import DayInput

if TYPE_CHECKING:
    from shouyue.agreement.terms.rules.template import AgreementTemplate

DOCX_MAX = 5_000_000
_PARTICULARS = {
    "name": (_("Name"), 120, True),
    "legal_representative": (_("Legal representative"), 80, False),
    "registered_address": (_("Registered address"), 200, False),
    "phone": (_("Telephone"), 40, False),
    "email": (_("E-mail"), 254, False),
}


class StartForm(forms.Form):
    """A new draft: from the product's contract, or from a Word document that is brought."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.CharField(label=_("Contract number"), max_length=40)
    document = forms.FileField(
        label=_("Word document (.docx)"),
        required=False,
        max_length=120,
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        help_text=_("A contract of the usual structure. Without one the draft begins with the product's own contract."),
    )

    def clean_document(self) -> Any:
        given = self.cleaned_data["document"]
        if given and given.size > DOCX_MAX:
            raise forms.ValidationError(_("The document is larger than 5 MB. Take out its pictures and try again."))
        return given

    def refuse(self, reason: str) -> None:
        """Say why no draft was made."""
        if reason == "number_taken":
            self.add_error("number", _("This number is taken by another draft or agreement. Choose another one."))
        elif reason == "not_a_document":
            words = _("This file cannot be read as a Word document. Save it as .docx in Word or WPS and try again.")
            self.add_error("document", words)
        elif reason == "no_clauses":
            words = _("No numbered clause was found. The first one should read like “1. Parties”.")
            self.add_error("document", words)


class DraftForm(forms.Form):
    """Everything about a draft but its words: particulars, term, institution, signatory and targets in percent."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    starts_on = forms.DateField(
        label=_("First day"),
        required=False,
        widget=DayInput(),
        help_text=_("Empty: the day on which both parties have signed and sealed (clause 6.1)."),
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput(),
        help_text=_("Empty: twelve months after the first day."),
    )
    institution = forms.CharField(
        label=_("Institution for disputes (clause 11.2)"),
        required=False,
        max_length=120,
        help_text=_("An arbitration institution or a people's court."),
    )
    signatory = forms.TypedChoiceField(label=_("Your authorised signatory"), required=False, empty_value=None)

    def __init__(
        self, data: Mapping[str, Any] | None, *, draft: Draft, shape: "AgreementTemplate", reader: Staff
    ) -> None:
        super().__init__(data, initial=_initial(draft, shape, reader))
        colleagues = Staff.objects.filter(party=reader.party, is_active=True).order_by("name", "pk")[:200]
        self.fields["signatory"] = forms.TypedChoiceField(
            label=_("Your authorised signatory"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("– not named yet –")), *((one.pk, one.name) for one in colleagues)],
            help_text=_("Only this person can sign for your party."),
        )
        for side in ("a", "b"):
            for name, (label, longest, is_needed) in _PARTICULARS.items():
                kind = forms.EmailField if name == "email" else forms.CharField
                self.fields[f"{side}_{name}"] = kind(label=label, max_length=longest, required=is_needed)
        self._codes = [each.code for each in shape.obligations if each.target]
        chinese = {each.code: each for each in shape.obligations}
        for code in self._codes:
            self.fields[f"target_{code}"] = forms.DecimalField(
                label=chinese[code].title_zh, min_value=Decimal("0.01"), max_value=100, max_digits=5, decimal_places=2
            )

    def side(self, side: str) -> Iterator[forms.BoundField]:
        return (self[f"{side}_{name}"] for name in _PARTICULARS)

    @property
    def party_a(self) -> list[forms.BoundField]:
        return list(self.side("a"))

    @property
    def party_b(self) -> list[forms.BoundField]:
        return list(self.side("b"))

    @property
    def targets(self) -> list[forms.BoundField]:
        return [self[f"target_{code}"] for code in self._codes]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first one."))
        return said

    def terms(self, draft: Draft, reader: Staff) -> dict[str, Any]:
        """As a draft keeps them."""
        said = self.cleaned_data
        signatories = {**draft.terms.get("signatories", {}), reader.party: said["signatory"]}
        return {
            "party_a": {name: said[f"a_{name}"] for name in _PARTICULARS},
            "party_b": {name: said[f"b_{name}"] for name in _PARTICULARS},
            "starts_on": said["starts_on"].isoformat() if said["starts_on"] else "",
            "ends_on": said["ends_on"].isoformat() if said["ends_on"] else "",
            "institution": said["institution"],
            "signatories": {side: who for side, who in signatories.items() if who},
            "targets": {code: int(said[f"target_{code}"] * 100) for code in self._codes},
        }


class ClauseForm(forms.Form):
    """The words of one place of a draft."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Heading"), max_length=120, required=False)
    text = forms.CharField(label=_("Text"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 8}))


class PassphraseForm(forms.Form):
    """The passphrase that opens the signatory's key; the first time it is chosen, and typed twice."""

    passphrase = forms.CharField(
        label=_("Passphrase of your key"),
        strip=False,
        min_length=PASSPHRASE_MIN,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, is_first: bool, **options: Any) -> None:
        super().__init__(data, files, **options)
        if is_first:
            self.fields["passphrase"].help_text = _(
                "You sign here for the first time: choose a passphrase of at least 12 characters. It is kept nowhere,"
                " so nobody else can sign for you, and nobody can tell it to you again."
            )
            self.fields["again"] = forms.CharField(
                label=_("The passphrase once more"),
                strip=False,
                max_length=200,
                widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "again" in self.fields and "passphrase" in said and said.get("again") != said["passphrase"]:
            self.add_error("again", _("The two passphrases differ. Type the same one twice."))
        return said

    def refuse_passphrase(self) -> None:
        self.add_error(
            "passphrase", _("This passphrase does not open your key. Type the one you chose when you first signed.")
        )


class SignForm(PassphraseForm):
    """A signature under a draft: seal, scan, passphrase. shown: the digest of the words that were read."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)
    seal = EnclosureField(
        images_only=True,
        label=_("Image of the seal"),
        help_text=_("PNG or JPEG, at most 8 MB. It stands beside the signature."),
    )
    scan = EnclosureField(
        required=False,
        label=_("Scan of the signed paper"),
        help_text=_("Optional. Its SHA-256 is kept with it, so that anybody can tell whether a file is this scan."),
    )
    confirmed = forms.BooleanField(label=_("I am authorised to sign for my party and have read the words above"))
    field_order = ("shown", "seal", "scan", "passphrase", "again", "confirmed")

    def refuse(self, reason: str) -> None:
        """Say why the signature was not taken."""
        words = {
            "closed": _("The draft is closed: both have signed, or it was dropped."),
            "other_words": _("The draft was changed while you read it. Read it again, then sign."),
            "not_the_signatory": _("Only the signatory whom your party named in the draft can sign."),
            "incomplete": _("Both parties need at least their name before anybody signs. Fill it in first."),
        }
        self.add_error(None, words[reason])


def _initial(draft: Draft, shape: "AgreementTemplate", reader: Staff) -> dict[str, Any]:
    said = draft.terms
    found: dict[str, Any] = {name: said.get(name) or None for name in ("starts_on", "ends_on", "institution")}
    found["revision"] = draft.revision
    found["signatory"] = said.get("signatories", {}).get(reader.party)
    for side in ("a", "b"):
        for name in _PARTICULARS:
            found[f"{side}_{name}"] = said.get(f"party_{side}", {}).get(name, "")
    for each in shape.obligations:
        if each.target:
            found[f"target_{each.code}"] = Decimal(each.target.threshold_bp) / 100
    return found
