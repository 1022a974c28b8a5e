"""The quarterly report of clause 7.2(2) as a paper: states, figures, how they were counted, what comes next."""

from collections.abc import Iterator

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from shouyue.agreement import public as agreements
from shouyue.scoreboard import readings
from shouyue.scoreboard.names import NAMES
from shouyue.scoreboard.queries.board import Board, DutyRow, MeasureCard
from shouyue.scoreboard.rules.board import Figure, silence_of
from shouyue.scoreboard.rules.verdict import Basis
from shouyue.web.format import count, day, interval, percent
from shouyue.web.format import quarter as quarter_name
from shouyue.web.paper import Block, Fields, Grid, Heading, Paper, Text
from shouyue.web.states import LOOKS


def quarterly_paper(board: Board) -> Paper:
    """The report of the board's quarter, from what the board shows and nothing else."""
    blocks: list[Block] = [
        Fields(
            [
                (_("Party A"), board.agreement.party_a.name),
                (_("Party B"), board.agreement.party_b.name),
                (_("Records up to"), day(board.as_of)),
            ]
        ),
    ]
    for name, card in board.cards.items():
        blocks += _measure(board, name, card)
    blocks += [Heading(_("Obligations")), _obligations(board.duties)]
    blocks += _improvements(board)
    blocks += [Heading(_("What comes next")), *_next(board)]
    title = _("Quarterly report, %(quarter)s") % {"quarter": quarter_name(board.quarter.first_day)}
    note = _("No. %(number)s · %(first)s to %(last)s")
    term = {
        "number": board.agreement.number,
        "first": day(board.agreement.starts_on),
        "last": day(board.agreement.ends_on),
    }
    return Paper(
        title=title,
        note=note % term,
        blocks=blocks,
        closing=_(
            "A missed target is not yet a breach: that takes a duty not done and its effect, claimed by the other"
            " party. The digest below is computed from every word of this report; the same records give the same"
            " report."
        ),
        digest_label="SHA-256",
        language="zh" if _is_chinese() else "en",
    )


def _measure(board: Board, name: str, card: MeasureCard) -> Iterator[Block]:
    yield Heading(str(NAMES[name]))
    if card.figure is None or card.figure.share is None:
        yield Text(_("Not measured in this quarter"))
        return
    yield Fields(list(_facts(card.figure)))
    reading = readings.of_census(card) if card.figure.is_census else readings.of_sample(card)
    yield Text(reading.replace("<b>", "").replace("</b>", ""))
    definition = agreements.definition(board.agreement, name)
    if definition is not None:
        yield Text(definition.text)
    heads = [_("Quarter"), _("Counted"), _("Share"), _("Interval"), _("By the rule"), _("By the letter")]
    yield Grid(heads, [_row(figure) for figure in card.series], [4, 3, 2, 3, 2, 2])


def _facts(figure: Figure) -> Iterator[tuple[str, str]]:
    yield _("Share"), f"{percent(figure.share, 2)}%"
    yield _("Counted"), f"{count(figure.kept)} / {count(figure.asked)}"
    if figure.threshold is not None:
        yield _("Target"), f"≥ {percent(figure.threshold, 0)}%"
    if figure.low is not None and figure.high is not None:
        level = _("%(level)s%% interval") % {"level": percent(figure.level, 0)}
        yield level, interval((figure.low, figure.high))
    yield _("By the rule"), _word(figure.decision or figure.state)
    if figure.literal:
        yield _("By the letter"), _word(figure.literal)
    if figure.basis is Basis.AS_FOUND:
        yield _("Basis"), _("not a drawn sample")
    if (silence := silence_of(figure)) is not None:
        yield _("Response"), f"{percent(silence.rate)}%"
        yield _("Worst case"), interval((silence.worst.low, silence.worst.high))
    yield (
        _("Version"),
        _("figure v%(figure)s, definition v%(definition)s")
        % {
            "figure": figure.version,
            "definition": figure.definition_version,
        },
    )


def _row(figure: Figure) -> list[str]:
    has_interval = figure.low is not None and figure.high is not None
    return [
        quarter_name(figure.quarter.first_day),
        f"{count(figure.kept)} / {count(figure.asked)}",
        f"{percent(figure.share, 2)}%",
        interval((figure.low or 0.0, figure.high or 0.0)) if has_interval else "–",
        _word(figure.decision or figure.state),
        _word(figure.literal) if figure.literal else "–",
    ]


def _obligations(rows: list[DutyRow]) -> Grid:
    owners = {"a": _("Party A"), "b": _("Party B"), "both": _("Both parties")}
    return Grid(
        [_("Clause"), _("Obligation"), _("Owner"), _("State"), _("Next date")],
        [
            [row.clause, row.title, owners[row.owner], _word(row.state), day(row.next_due) if row.next_due else "–"]
            for row in rows
        ],
        [2, 7, 2, 3, 4],
    )


def _improvements(board: Board) -> Iterator[Block]:
    """Measures of the plans that answer a result of this quarter or an earlier one, and what was measured since."""
    known = agreements.improvements.of(board.agreement, on=board.as_of, up_to=board.quarter.label)
    rows = [
        [
            one.measure.measure.title,
            one.measure.word,
            one.result.label,
            ("" if _is_chinese() else " ").join(one.sentences),
            one.word,
        ]
        for one in known
        if one.result is not None
    ]
    if rows:
        heads = [
            pgettext("plan", "Measure"),
            _("State"),
            _("Answers the result"),
            _("Before and after"),
            pgettext("improvement", "Outcome"),
        ]
        yield Heading(_("Improvement measures and their results"))
        yield Grid(heads, rows, [4, 2, 4, 6, 2])


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _next(board: Board) -> Iterator[Block]:
    if not board.pressing:
        yield Text(_("Nothing presses: every obligation that is measured is kept or not due."))
    for place, row in enumerate(board.pressing, start=1):
        both = _("%(title)s: %(text)s")
        yield Text(both % {"title": row.title, "text": _word(row.state)}, f"({place})")


def _word(state: str) -> str:
    return str(LOOKS[state].word)
