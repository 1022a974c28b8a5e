"""The contract, its two annexes and the termination file as papers, from the records and in the active language."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from shouyue.agreement.papers.places import Place, chapters_of
from shouyue.agreement.plans.public import plan_of
from shouyue.agreement.proceedings.public import blank_checklist, proceedings_of
from shouyue.agreement.signing.public import Draft, agreement_signatures, loose_lines, shape_of, terms_of
from shouyue.agreement.terms.public import Agreement, chapters, definitions, duties, phases
from shouyue.web.format import day, moment, money_fen, percent
from shouyue.web.paper import Block, Fields, Grid, Heading, NewPage, Paper, Text

if TYPE_CHECKING:
    from shouyue.agreement.plans.queries import PlanView
    from shouyue.agreement.proceedings.queries import ProceedingView
    from shouyue.agreement.terms.queries import Duty
    from shouyue.agreement.terms.queries.clauses import ClauseView

ANNEXES = (1, 2)
_MEASURES_OF = {1: ("3.1", "4."), 2: ("3.2", "5.")}
_PHASES_OF = {1: ("6.2(1)", "6.2(2)"), 2: ("6.2(3)", "6.2(4)")}


class Particulars(Protocol):
    """Who a party is, signed or still in a draft."""

    @property
    def name(self) -> str: ...
    @property
    def legal_representative(self) -> str: ...
    @property
    def registered_address(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def email(self) -> str: ...


# What goes on when the contract has ended.
_SURVIVES = ("8.2", "9.1", "9.2", "11.1", "11.2")


def contract_paper(agreement: Agreement, *, on: date) -> Paper:
    """The whole contract as signed: parties, every clause, schedule, definitions, places for signature and seal."""
    blocks = _clauses(chapters(agreement, on=on), agreement.party_a, agreement.party_b)
    if loose := loose_lines(agreement):
        blocks += [Heading(_("Further text")), *(Text(line) for line in loose)]
    blocks += [Heading(_("Definitions frozen at signing")), *_definitions(agreement)]
    signed = list(_signed(agreement))
    blocks += [
        Heading(_("Signature and seal")),
        *(signed or [_places_to_sign(agreement.party_a.name, agreement.party_b.name)]),
    ]
    return _paper(agreement, agreement.title, blocks)


def _clauses(whole: "Sequence[ClauseView | Place]", party_a: Particulars, party_b: Particulars) -> list[Block]:
    """Contents, then every chapter with its clauses and items."""
    blocks: list[Block] = [
        Heading(_("Contents")),
        *(Text(clause.title, clause.number + " ") for chapter in whole for clause in chapter.parts),
        NewPage(),
    ]
    for chapter in whole:
        blocks.append(Heading(_numbered(chapter)))
        blocks += [Text(line) for line in chapter.text.splitlines() if line]
        for clause in chapter.parts:
            blocks += _clause(clause)
            if clause.number in {"1.1", "1.2"}:
                blocks.append(_party(party_a if clause.number == "1.1" else party_b, is_a=clause.number == "1.1"))
    return blocks


def draft_paper(draft: Draft, *, on: date) -> Paper:
    """A draft as the contract it would be, with places to sign; on: the day it would be signed."""
    terms, shape = terms_of(draft, signed_on=on), shape_of(draft)
    blocks = _clauses(chapters_of(shape), terms.party_a, terms.party_b)
    if draft.terms.get("loose"):
        blocks += [Heading(_("Further text")), *(Text(line) for line in draft.terms["loose"])]
    blocks.append(Heading(_("Definitions frozen at signing")))
    for each in shape.definitions:
        blocks += [Heading(each.title_zh, 2), Text(each.text_zh)]
    rows = [
        [each.clause, each.title_zh, f"≥ {percent(each.target.threshold_bp / 10_000, 2)}%"]
        for each in shape.obligations
        if each.target
    ]
    blocks += [Heading(_("Targets")), Grid([_("Clause"), _("Obligation"), _("Target")], rows, [2, 8, 2])]
    blocks += [Heading(_("Signature and seal")), _places_to_sign(terms.party_a.name, terms.party_b.name)]
    return _closed(
        draft.terms.get("title") or shape.title_zh, _("Draft, no. %(number)s") % {"number": draft.number}, blocks
    )


def annex_paper(agreement: Agreement, which: int, *, on: date) -> Paper:
    """Annex 1 (customer relationship management) or 2 (loyalty): who does what, when, and what shows it.

    Raises ValueError for another number.
    """
    if which not in ANNEXES:
        raise ValueError(f"the contract has annexes 1 and 2, not {which}")
    title = _("Annex 1: Plan for customer relationship management") if which == 1 else _("Annex 2: Plan for loyalty")
    steps = [phase for phase in phases(agreement, on=on) if phase.clause in _PHASES_OF[which]]
    own = [duty for duty in duties(agreement, on=on) if duty.clause.startswith(_MEASURES_OF[which])]
    planned = [duty for duty in duties(agreement, on=on) if duty.clause in _PHASES_OF[which]]
    schedule = [[step.span, step.title, step.must_finish, day(step.ends_on)] for step in steps]
    plan = plan_of(agreement, which, on=on)
    blocks: list[Block] = [
        *(_plan(plan) if plan is not None and plan.holding is not None else ()),
        Heading(_("Schedule")),
        Grid([_("Months"), _("Phase"), _("To be finished"), _("By")], schedule, [2, 2, 5, 3]),
        Heading(_("Measures")),
        _duty_grid([*own, *planned]),
        Heading(_("How the measures are counted")),
        *_definitions(agreement, {duty.measure for duty in own}),
    ]
    return _paper(agreement, title, blocks)


def _plan(view: "PlanView") -> Iterator[Block]:
    """The confirmed plan: its goals, and each measure with its months, its budget and how it stands."""
    owners = {"a": _("Party A"), "b": _("Party B"), "both": _("Both parties")}
    if view.holding is None:
        return
    yield Heading(_("Goals"))
    yield from (Text(line) for line in view.holding.goals.splitlines() if line)
    yield Heading(_("Plan, version %(version)s") % {"version": view.holding.version})
    heads = [pgettext("plan", "Measure"), _("Owner"), _("Months"), _("What shows it"), _("Budget"), _("State")]
    rows = [
        [
            f"{one.measure.clause} {one.measure.title}".strip(),
            owners[one.measure.owner],
            f"{one.measure.first_month}–{one.measure.last_month}",
            one.measure.goal or "–",
            money_fen(one.measure.budget_fen) if one.measure.budget_fen else "–",
            one.word,
        ]
        for one in view.measures
    ]
    yield Grid(heads, rows, [5, 2, 2, 3, 2, 2])


def termination_paper(agreement: Agreement, *, on: date) -> Paper:
    """The termination file: grounds, notice, the checklist of 10.2 to be ticked and signed, and what survives."""
    clauses = {clause.number: clause for chapter in chapters(agreement, on=on) for clause in chapter.parts}
    found = (view for view in proceedings_of(agreement, on=on) if view.row.kind == "termination")
    running = next((view for view in found if view.stage != "withdrawn"), None)
    rows = _checklist(running)
    blocks: list[Block] = [Heading(_("Grounds and procedure"))]
    for number in ("10.1", "10.2", "12.2"):
        if number in clauses:
            blocks += _clause(clauses[number])
    if running is not None:
        blocks += _course(running)
    heads = [_("No."), _("Step"), _("Done on"), _("Party A"), _("Party B")]
    blocks += [Heading(_("Checklist")), Grid(heads, rows, [1, 7, 2, 2, 2])]
    blocks += [Heading(_("Duties of the schedule")), _duty_grid(duties(agreement, on=on))]
    blocks.append(Heading(_("What survives the end of the contract")))
    for number in _SURVIVES:
        if number in clauses:
            blocks += _clause(clauses[number])
    blocks += [Heading(_("Signature and seal")), _places_to_sign(agreement.party_a.name, agreement.party_b.name)]
    return _paper(agreement, _("Termination file"), blocks)


def _checklist(running: "ProceedingView | None") -> list[list[str]]:
    """The steps of 10.2: dates where they are done, places to write where they are not."""
    steps: list[tuple[str, date | None, date | None, date | None]] = [
        (
            _("Written notice of termination, with its ground under 10.1"),
            running.row.opened_on if running else None,
            None,
            None,
        ),
        (_("Thirty days of notice are over"), running.deadline if running else None, None, None),
    ]
    items = running.checklist if running else blank_checklist()
    for one in items:
        both = max(one.by_a, one.by_b) if one.by_a and one.by_b else None
        steps.append((one.title, both, one.by_a, one.by_b))
    shown = [[name, *(day(at) if at else "" for at in days)] for name, *days in steps]
    return [[str(number), *row] for number, row in enumerate(shown, start=1)]


def _course(view: "ProceedingView") -> Iterator[Block]:
    """What was said and done since the notice."""
    yield Heading(_("Course of the termination"))
    yield Text(f"{day(view.row.opened_on)} {view.row.get_ground_display()}")
    yield from (Text(line) for line in view.row.text.splitlines() if line)
    for step in view.steps:
        said = f"{day(step.taken_on)} {step.party.upper()} {step.get_kind_display()} {step.get_item_display()}"
        paper = f" {step.paper.name} SHA-256 {step.paper.sha256}" if step.paper else ""
        yield Text(f"{said.strip()} {step.text}{paper}", f"({step.order})")


def _paper(agreement: Agreement, title: str, blocks: list[Block]) -> Paper:
    note = _("No. %(number)s · %(first)s to %(last)s")
    term = {"number": agreement.number, "first": day(agreement.starts_on), "last": day(agreement.ends_on)}
    return _closed(title, note % term, blocks)


def _closed(title: str, note: str, blocks: list[Block]) -> Paper:
    return Paper(
        title=title,
        note=note,
        blocks=blocks,
        closing=_(
            "Made in two identical originals, one for each party, equally valid. Both carry the digest below, which is"
            " computed from every word of this document: originals with the same digest say the same."
        ),
        digest_label="SHA-256",
        language="zh" if (get_language() or "").startswith("zh") else "en",
    )


def _numbered(clause: "ClauseView | Place") -> str:
    return f"{clause.number} {clause.title}".strip()


def _clause(clause: "ClauseView | Place") -> Iterator[Block]:
    yield Heading(_numbered(clause), 2)
    yield from (Text(line) for line in clause.text.splitlines() if line)
    for item in clause.parts:
        both = _("%(title)s: %(text)s") if item.title and item.text else "%(title)s%(text)s"
        first, *more = (both % {"title": item.title, "text": item.text}).splitlines() or [""]
        yield Text(first, item.label)
        yield from (Text(line) for line in more if line)


def _party(party: Particulars, *, is_a: bool) -> Fields:
    blank = "____________________"
    return Fields(
        [
            (_("Name of Party A") if is_a else _("Name of Party B"), party.name or blank),
            (_("Legal representative"), party.legal_representative or blank),
            (_("Registered address"), party.registered_address or blank),
            (_("Telephone"), party.phone or blank),
            (_("E-mail"), party.email or blank),
        ]
    )


def _definitions(agreement: Agreement, only: set[str] | None = None) -> Iterator[Block]:
    seen: set[str] = set()
    for one in definitions(agreement):
        if one.measure in seen or (only is not None and one.measure not in only):
            continue
        seen.add(one.measure)
        frozen = _("version %(version)s, frozen on %(day)s") % {"version": one.version, "day": day(one.frozen_on)}
        yield Heading(f"{one.title} ({frozen})", 2)
        yield Text(one.text)


def _duty_grid(rows: "list[Duty]") -> Grid:
    owners = {"a": _("Party A"), "b": _("Party B"), "both": _("Both parties")}
    return Grid(
        [_("Clause"), _("Obligation"), _("Owner"), _("How often"), _("Target")],
        [
            [
                duty.clause,
                duty.title,
                owners[duty.owner],
                duty.cadence_name,
                f"≥ {percent(duty.target.threshold_share, 0)}%" if duty.target else "–",
            ]
            for duty in rows
        ],
        [2, 7, 2, 2, 2],
    )


def _signed(agreement: Agreement) -> Iterator[Block]:
    """Who signed in the product, when, and with which key; nothing for an agreement that was signed elsewhere."""
    owners = {"a": _("Party A"), "b": _("Party B")}
    for view in agreement_signatures(agreement):
        row = view.row
        said = [
            (_("Party"), owners[row.side]),
            (_("Authorised signatory"), row.signatory),
            (_("Date"), moment(row.signed_at)),
            (_("Ed25519 key"), row.key.public_key),
            (_("Signature"), row.signature),
            (_("Digest of the signed words"), row.digest),
        ]
        said += [(_("Image of the seal, SHA-256"), row.seal.sha256)] if row.seal else []
        said += [(_("Signed scan, SHA-256"), row.scan.sha256)] if row.scan else []
        yield Fields(said)


def _places_to_sign(party_a: str, party_b: str) -> Grid:
    line = "\n\n________________"
    rows = [[words + line, words + line] for words in (_("Seal"), _("Authorised signatory"), _("Date"))]
    heads = [f"{_('Party A')} {party_a}", f"{_('Party B')} {party_b}"]
    return Grid(heads, rows, [1, 1])
