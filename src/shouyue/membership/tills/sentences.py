"""Why points were given, and why a call was refused, as sentences in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from shouyue.membership.programme.public import OCCASIONS
from shouyue.membership.sharing.public import not_shared
from shouyue.web.format import count, money_fen

__all__ = ["not_shared", "reason", "refusal"]

Part = Sequence[str | None]


def reason(part: Part) -> str:
    """One part of an award. part: source, key, points, amount in fen, factor, as `Award.parts`."""
    source, key, points, amount_fen, factor = part
    told = {
        "points": count(int(points or 0)),
        "amount": money_fen(int(amount_fen or 0)),
        "key": key or "",
        "factor": factor or "",
        "occasion": OCCASIONS.get(key or "", key or ""),
    }
    return _SENTENCES[source or ""](told)


_SENTENCES: Final[Mapping[str, Callable[[Mapping[str, object]], str]]] = {
    "base": lambda told: _("%(points)s points for %(amount)s by the rule “%(key)s”") % told,
    "tier": lambda told: _("%(points)s points more, because the tier “%(key)s” earns %(factor)s times") % told,
    "campaign": lambda told: _("%(points)s points more by the campaign “%(key)s”") % told,
    "fixed": lambda told: _("%(points)s points: %(occasion)s") % told,
    "cap": lambda told: _("%(points)s points, because one purchase earns no more") % told,
}


def refusal(why: str, usable: int) -> str:
    """Why a sale, return or movement was refused, and what to do. usable: points there are, or pieces too many."""
    told = {"usable": count(usable)}
    return {
        "unknown_member": lambda: _(
            "This customer is no member. Enrol them first, or record a purchase without points."
        ),
        "foreign_currency": lambda: _("Points are earned and spent in the programme's currency only."),
        "too_many_points": lambda: _("The points are worth more than the purchase."),
        "points_short": lambda: _("Points that can be spent: %(usable)s.") % told,
        "hold_settled": lambda: _("Ask for the balance to see what is set aside."),
        "differs": lambda: _("What was recorded first stays; record a correction instead."),
        "elsewhere": lambda: _(
            "If both customers are one person, merge them and send it again; if not, correct the number or the "
            "customer."
        ),
        "more_than_bought": lambda: (
            _("Pieces too many: %(usable)s. Only what was bought and not yet returned can come back.") % told
        ),
        "future_date": lambda: _("The day lies in the future. Check the clock of the till."),
        "negative_amount": lambda: _("Pieces and prices are above zero; goods that come back are told as a return."),
    }[why]()
