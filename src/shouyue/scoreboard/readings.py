"""What a figure means, in sentences of the reader's language."""

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from shouyue.scoreboard.queries.board import MeasureCard
from shouyue.scoreboard.rules.board import Change, Figure
from shouyue.scoreboard.rules.verdict import Basis, State
from shouyue.web.format import count, points


def of_sample(card: MeasureCard) -> SafeString:
    """How a share of answers is to be read: the verdict, what is missing, the letter, how it moved."""
    if card.figure is None:
        return _joined([])
    return _joined([*_verdict(card.figure), *_letter(card.figure), *_draw(card.figure), *_change(card.change)])


def of_census(card: MeasureCard) -> SafeString:
    """How a full count is to be read."""
    if card.figure is None:
        return _joined([])
    sentences = [_("Everybody is counted, so there is no interval: a diamond is an exact figure.")]
    if card.figure.state is State.NOT_DUE:
        sentences.append(_("The window of the last customers is still open: the figure can only rise."))
    return _joined([*sentences, *_change(card.change)])


def _verdict(figure: Figure) -> Iterator[str]:
    if figure.decision == State.MET:
        yield _("The whole interval lies at or above the target: met by the agreed rule.")
    elif figure.decision == State.MISSED:
        yield _("The whole interval lies below the target: missed by the agreed rule.")
    elif figure.decision == State.UNDETERMINED:
        yield _("The interval crosses the target: by the agreed rule nothing can be concluded yet.")
        if figure.extra_needed:
            more = ngettext(
                "About %(n)s more answer at the same share would decide.",
                "About %(n)s more answers at the same share would decide.",
                figure.extra_needed,
            )
            yield format_html("<b>{}</b>", more % {"n": count(figure.extra_needed)})
    else:
        yield _("The quarter is not closed: the figure is what is known so far, and nothing is decided on it.")


def _letter(figure: Figure) -> Iterator[str]:
    if figure.literal == State.MET:
        yield _("By the letter alone (share against target): met.")
    elif figure.literal == State.MISSED:
        yield _("By the letter alone (share against target): missed.")


def _draw(figure: Figure) -> Iterator[str]:
    if figure.basis is Basis.AS_FOUND:
        yield _("Nobody drew these answers, so the interval says nothing about customers who did not answer.")


def _change(change: Change | None) -> Iterator[str]:
    if change is None:
        return
    moved = {"change": points(change.difference)}
    if change.interval is None:
        yield _("Against the quarter before: %(change)s points.") % moved
        return
    moved |= {"low": points(change.interval.low), "high": points(change.interval.high)}
    if change.is_significant:
        yield _("Against the quarter before: %(change)s points (%(low)s to %(high)s).") % moved
    else:
        yield _("Against the quarter before: %(change)s points (%(low)s to %(high)s), not significant.") % moved


def _joined(sentences: list[str]) -> SafeString:
    """Sentences side by side; Chinese ones without a space between them."""
    between = "" if (get_language() or "").startswith("zh") else " "
    return format_html_join(between, "{}", ((sentence,) for sentence in sentences))
