"""Signing an agreement, and saying up to which day its records are complete."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from shouyue.agreement.terms.models import Agreement, Clause, Definition, Obligation, PartyDetails, Phase, Target
from shouyue.agreement.terms.register import template
from shouyue.agreement.terms.rules.agreed import ClauseWords, with_agreed
from shouyue.agreement.terms.rules.schedule import month_end
from shouyue.agreement.terms.rules.template import AgreementTemplate
from shouyue.kernel.clock import day_in
from shouyue.store import facts
from shouyue.store.facts import FactBase

_CURRENCY = re.compile(r"[A-Z]{3}")
_NUMBER_MAX = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyTerms:
    """Who one side is, as clause 1 asks for it. The name must be there; the rest may be "" until it is known."""

    name: str
    legal_representative: str = ""
    registered_address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementTerms:
    """What the parties agree on beside the text of the contract.

    starts_on, ends_on: first and last day; without ends_on the contract runs for its template's months. zone: the
    calendar of its days and quarters. currency: ISO 4217. data_until: see Agreement. institution: of clause 11.2.
    targets: agreed thresholds in basis points by the obligation's code. clauses: places in the parties' own words.
    """

    number: str
    party_a: PartyTerms
    party_b: PartyTerms
    starts_on: date
    ends_on: date | None = None
    zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    data_until: date | None = None
    template: str = "one_year"
    institution: str = ""
    targets: Mapping[str, int] = field(default_factory=dict)
    clauses: tuple[ClauseWords, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AgreementSigned(FactBase):
    """Both parties have signed: the register, the definitions and the targets are frozen."""

    agreement_id: UUID
    number: str
    template: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class RecordsCompleted(FactBase):
    """The records of an agreement are complete up to a later day than before."""

    agreement_id: UUID
    data_until: date


class TermsRefusedError(Exception):
    """The terms cannot be signed. field: the one to change; the text says why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field


class AgreementDiffersError(Exception):
    """An agreement of this number is signed with other content. fields: what differs."""

    def __init__(self, number: str, fields: list[str]) -> None:
        super().__init__(f"agreement {number} is signed already and differs in {', '.join(fields)}")
        self.number = number
        self.fields = fields


@transaction.atomic
def sign_agreement(terms: AgreementTerms, *, by: str, at: datetime) -> Agreement:
    """Put an agreement into force with its whole register, once: the same terms again find the same agreement.

    by: who signs it in, e.g. "staff:7". at: the moment of signing (aware); its day in the zone freezes definitions.
    Raises TermsRefusedError, AgreementDiffersError, and TemplateError for a template that does not exist.
    """
    shape = with_agreed(template(terms.template), clauses=terms.clauses, targets=terms.targets)
    wanted = _agreement(terms, shape, at)
    # The unique number is the lock: whoever signs it at the same time waits here for the first one to finish.
    Agreement.objects.bulk_create([wanted], ignore_conflicts=True)
    agreement = Agreement.objects.select_for_update().prefetch_related("parties").get(number=terms.number)
    if agreement.pk != wanted.pk:
        _refuse_other_content(agreement, wanted, terms)
        return agreement
    _write_parties(agreement, terms)
    _write_register(agreement, shape, frozen_on=day_in(terms.zone, at))
    facts.announce(
        AgreementSigned(
            agreement_id=agreement.pk,
            number=agreement.number,
            template=agreement.template,
            starts_on=agreement.starts_on,
            ends_on=agreement.ends_on,
        ),
        at=at,
        by=by,
    )
    return Agreement.objects.prefetch_related("parties").get(pk=agreement.pk)


@transaction.atomic
def complete_records(agreement_id: UUID, *, until: date, by: str, at: datetime) -> Agreement:
    """Note that the agreement's records are complete up to a day. An earlier day than noted before changes nothing.

    Raises Agreement.DoesNotExist.
    """
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    if agreement.data_until is not None and agreement.data_until >= until:
        return agreement
    agreement.data_until = until
    agreement.save(update_fields=["data_until"])
    facts.announce(RecordsCompleted(agreement_id=agreement.pk, data_until=until), at=at, by=by)
    return agreement


def _agreement(terms: AgreementTerms, shape: AgreementTemplate, at: datetime) -> Agreement:
    ends_on = terms.ends_on or month_end(terms.starts_on, shape.months)
    _refuse_impossible(terms, shape, ends_on)
    return Agreement(
        number=terms.number,
        title_zh=shape.title_zh,
        title_en=shape.title_en,
        state=Agreement.State.IN_FORCE,
        starts_on=terms.starts_on,
        ends_on=ends_on,
        signed_at=at,
        zone=terms.zone,
        currency=terms.currency,
        data_until=terms.data_until,
        template=shape.name,
        institution=terms.institution,
    )


def _refuse_impossible(terms: AgreementTerms, shape: AgreementTemplate, ends_on: date) -> None:
    if not terms.number.strip() or len(terms.number) > _NUMBER_MAX:
        raise TermsRefusedError("number", f"an agreement needs a number of at most {_NUMBER_MAX} characters")
    for side, party in (("party_a", terms.party_a), ("party_b", terms.party_b)):
        if not party.name.strip():
            raise TermsRefusedError(side, "a party needs its name")
    if ends_on < month_end(terms.starts_on, shape.months):
        raise TermsRefusedError("ends_on", f"the schedule takes {shape.months} months")
    try:
        ZoneInfo(terms.zone)
    except (ZoneInfoNotFoundError, ValueError) as wrong:
        raise TermsRefusedError("zone", f"there is no time zone {terms.zone!r}") from wrong
    if not _CURRENCY.fullmatch(terms.currency):
        raise TermsRefusedError("currency", "three capital letters, such as CNY")


def _refuse_other_content(signed: Agreement, wanted: Agreement, terms: AgreementTerms) -> None:
    fields = ("template", "starts_on", "ends_on", "zone", "currency", "institution")
    differing = [field for field in fields if getattr(signed, field) != getattr(wanted, field)]
    for name, side, party in _sides(terms):
        kept = next((one for one in signed.parties.all() if one.side == side), None)
        if kept is None or any(getattr(kept, field) != value for field, value in asdict(party).items()):
            differing.append(name)
    if differing:
        raise AgreementDiffersError(signed.number, differing)


def _sides(terms: AgreementTerms) -> list[tuple[str, str, PartyTerms]]:
    return [("party_a", "a", terms.party_a), ("party_b", "b", terms.party_b)]


def _write_parties(agreement: Agreement, terms: AgreementTerms) -> None:
    PartyDetails.objects.bulk_create(
        PartyDetails(agreement=agreement, side=side, **asdict(party)) for _name, side, party in _sides(terms)
    )


def _write_register(agreement: Agreement, shape: AgreementTemplate, *, frozen_on: date) -> None:
    Phase.objects.bulk_create(_phases(agreement, shape))
    clauses = Clause.objects.bulk_create(
        Clause(
            agreement=agreement,
            number=each.number,
            order=place,
            title_zh=each.title_zh,
            title_en=each.title_en,
            text_zh=each.text_zh,
            text_en=each.text_en,
        )
        for place, each in enumerate(shape.clauses, start=1)
    )
    definitions = Definition.objects.bulk_create(
        Definition(
            agreement=agreement,
            measure=each.measure,
            frozen_on=frozen_on,
            title_zh=each.title_zh,
            title_en=each.title_en,
            text_zh=each.text_zh,
            text_en=each.text_en,
            parameters=dict(each.parameters),
        )
        for each in shape.definitions
    )
    obligations = _write_obligations(agreement, shape, {clause.number: clause for clause in clauses})
    _write_targets(shape, obligations, {definition.measure: definition for definition in definitions})


def _phases(agreement: Agreement, shape: AgreementTemplate) -> list[Phase]:
    return [
        Phase(
            agreement=agreement,
            clause_number=each.clause,
            first_month=each.first_month,
            last_month=each.last_month,
            title_zh=each.title_zh,
            title_en=each.title_en,
            must_finish_zh=each.must_finish_zh,
            must_finish_en=each.must_finish_en,
        )
        for each in shape.phases
    ]


def _write_obligations(
    agreement: Agreement, shape: AgreementTemplate, clauses: dict[str, Clause]
) -> dict[str, Obligation]:
    rows = Obligation.objects.bulk_create(
        Obligation(
            agreement=agreement,
            clause=clauses[each.clause],
            also_in=list(each.also_in),
            code=each.code,
            order=place,
            title_zh=each.title_zh,
            title_en=each.title_en,
            owner=each.owner,
            cadence=each.rhythm.cadence,
            anchor=each.rhythm.anchor,
            first_month=each.rhythm.first_month,
            measure=each.measure,
        )
        for place, each in enumerate(shape.obligations, start=1)
    )
    return {row.code: row for row in rows}


def _write_targets(
    shape: AgreementTemplate, obligations: dict[str, Obligation], definitions: dict[str, Definition]
) -> None:
    Target.objects.bulk_create(
        Target(
            obligation=obligations[each.code],
            definition=definitions[each.measure],
            threshold_bp=each.target.threshold_bp,
            alpha_bp=each.target.alpha_bp,
            decision_rule=each.target.decision_rule,
        )
        for each in shape.obligations
        if each.target is not None
    )
