"""The terms that a new member agrees to, in the reader's language, made from the version that counts."""

from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from shouyue.membership.ledger.public import EarnProgramme
from shouyue.membership.programme.public import ProgrammeVersion, rule_sentence
from shouyue.web.format import count


@dataclass(frozen=True, slots=True)
class JoiningTerms:
    """version: of the programme; digest: of the very words that were shown, in `language`."""

    version: int
    language: str
    paragraphs: tuple[str, ...]
    gains: tuple[str, ...]

    @property
    def digest(self) -> str:
        return sha256("\n".join([*self.paragraphs, *self.gains]).encode()).hexdigest()


def joining_terms(version: ProgrammeVersion, terms: EarnProgramme | None) -> JoiningTerms:
    """What somebody agrees to who becomes a member now."""
    paragraphs = [
        _("Membership costs nothing. It begins today, and you can ask the shop to end it at any time."),
        _lasting(terms.expire_after_days if terms else None),
        _("Goods that are given back take their points back, also where these were used already."),
        _("Points are no money: they buy rewards and lower the price of purchases, and are not sold."),
        _("For this we keep what you buy, your points, your tier and who brought you, as long as you are a member."),
        _("Under My data you see what we know of you, and can have it corrected."),
    ]
    gains = [rule_sentence(rule) for rule in version.content["earn"]["rules"]]
    return JoiningTerms(version.number, get_language() or "", tuple(paragraphs), tuple(gains))


def _lasting(days: int | None) -> str:
    if days is None:
        return _("Points have no last day.")
    sentence = ngettext(
        "Points can be used for %(days)s day; you are told before they expire.",
        "Points can be used for %(days)s days; you are told before they expire.",
        days,
    )
    return sentence % {"days": count(days)}
