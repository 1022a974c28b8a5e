"""Questions of those who review: which pairs wait, what two records hold, how good the search is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from shouyue.customers.duplicates.models import Match, MatchState, Merging
from shouyue.customers.duplicates.rules.matches import Quality, Reviewed, quality
from shouyue.customers.duplicates.rules.merging import Standing, Told, after_merge, agreement, suggested
from shouyue.customers.linking.public import LIKELY
from shouyue.customers.people.public import Customer, Known, masked_persons, persons_in
from shouyue.store.models import JobRun
from shouyue.store.person_keys import PersonKeys

SEARCH: Final = "customers.find_duplicates"
BY_PROBABILITY: Final = ("-probability", "-id")
AT_RANDOM: Final = ("id",)
_LISTED: Final = ("name", "phone")
# What is set side by side, in the order of the page; `other_*` follow their first one.
FIELDS: Final = ("name", "title", "phone", "other_phones", "email", "other_emails", "born_on", "address")


# The first pairs of the random order, as far as they are decided, stand for the rest: what people decided out of
# turn, because it was easy or stood on top, is not counted.
_COUNTS = """
WITH likely AS (
    SELECT id FROM customers_match WHERE state = 'open' AND probability >= %(bar)s ORDER BY id LIMIT 1
), less AS (
    SELECT id FROM customers_match WHERE state = 'open' AND probability < %(bar)s ORDER BY id LIMIT 1
), told AS (
    SELECT state, probability >= %(bar)s AS is_likely, id < (SELECT id FROM likely) AS is_before_likely,
        id < (SELECT id FROM less) AS is_before_less
    FROM customers_match
)
SELECT is_likely, state, count(*),
    count(*) FILTER (WHERE (CASE WHEN is_likely THEN is_before_likely ELSE is_before_less END) IS NOT FALSE)
FROM told GROUP BY is_likely, state
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the review is.

    looked_at: decided pairs that count for the quality, of likely ones (True) and less likely ones. quality: None
    while no likely pair that counts is decided.
    """

    likely: int
    less_likely: int
    dismissed: int
    decided: int
    looked_at: Mapping[bool, int]
    quality: Quality | None


@dataclass(frozen=True, slots=True)
class Line:
    """A field of both records. agreement: same, differs, one_side. one, other: plain, or masked where it says so."""

    field: str
    one: Any
    other: Any
    agreement: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two records. whole: by record, what is known in the clear; masks: the same for those who may not see it."""

    one: Customer
    other: Customer
    whole: Mapping[UUID, Mapping[str, Any]]
    masks: Mapping[UUID, Mapping[str, Any]]

    def lines(self, *, is_whole: bool) -> list[Line]:
        """The fields that either record knows. Compared are the plain values, whatever the reader sees of them."""
        shown = self.whole if is_whole else self.masks
        one, other = self.one.pk, self.other.pk
        return [
            Line(field, shown[one].get(field), shown[other].get(field), found)
            for field in FIELDS
            if (found := agreement(self.whole[one].get(field), self.whole[other].get(field)))
        ]

    def suggested(self) -> UUID:
        """Which record should stay."""
        return suggested(*(Standing(one.pk, len(self.whole[one.pk]), one.last_seen_at) for one in self.sides))

    def after_merge(self, stay: UUID, *, is_whole: bool) -> dict[str, Told]:
        """What the page shows when `stay` stands for both."""
        shown = self.whole if is_whole else self.masks
        (go,) = (one.pk for one in self.sides if one.pk != stay)
        return after_merge(shown[stay], shown[go], FIELDS)

    @property
    def sides(self) -> tuple[Customer, Customer]:
        return self.one, self.other


def open_matches() -> QuerySet[Match]:
    """Likely pairs that nobody decided, unordered; see BY_PROBABILITY and AT_RANDOM."""
    return Match.objects.filter(state=MatchState.OPEN, probability__gte=LIKELY)


def less_likely_matches() -> QuerySet[Match]:
    """Pairs below the bar that nobody decided: some of them are looked at to tell what the search misses."""
    return Match.objects.filter(state=MatchState.OPEN, probability__lt=LIKELY)


def dismissed_matches() -> QuerySet[Match]:
    """Pairs that somebody said are two people."""
    return Match.objects.filter(state=MatchState.DISMISSED)


def standing_merges() -> QuerySet[Merging]:
    """Merges that were not taken back; list them by ("-merged_at", "-id")."""
    return Merging.objects.filter(undone_at__isnull=True)


def progress() -> Progress:
    """How far the review is and what it tells. One statement over the index by state and probability."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"bar": LIKELY})
        rows = {(is_likely, state): (count, counted) for is_likely, state, count, counted in cursor.fetchall()}

    def of(is_likely: bool, *states: MatchState) -> int:
        return sum(rows.get((is_likely, state.value), (0, 0))[0] for state in states)

    def reviewed(is_likely: bool) -> Reviewed:
        right, wrong = (
            rows.get((is_likely, state.value), (0, 0))[1] for state in (MatchState.MERGED, MatchState.DISMISSED)
        )
        return Reviewed(of(is_likely, *MatchState), right, wrong)

    both = (True, False)
    counted = {one: reviewed(one) for one in both}
    return Progress(
        likely=of(True, MatchState.OPEN),
        less_likely=of(False, MatchState.OPEN),
        dismissed=sum(of(one, MatchState.DISMISSED) for one in both),
        decided=sum(of(one, MatchState.MERGED, MatchState.DISMISSED) for one in both),
        looked_at={one: counted[one].decided for one in both},
        quality=quality(counted[True], counted[False]),
    )


def next_counted(progress: Progress) -> Match | None:
    """The pair whose decision makes the quality surer: the first of the random order, of the kind less looked at."""
    kinds = sorted((True, False), key=lambda is_likely: (progress.looked_at[is_likely], not is_likely))
    for is_likely in kinds:
        rows = open_matches() if is_likely else less_likely_matches()
        if found := rows.order_by(*AT_RANDOM).first():
            return found
    return None


def beside(match: Match, rows: QuerySet[Match], order: Sequence[str]) -> tuple[Match | None, Match | None]:
    """The rows before and after a match in an order, whether or not it is one of them. Two statements."""
    turned = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]
    before = rows.filter(_beyond(match, turned)).order_by(*turned).first()
    return before, rows.filter(_beyond(match, order)).order_by(*order).first()


def side_by_side(match: Match) -> SideBySide:
    """Both records with all that is known of the persons, opened in memory. Five statements."""
    customers = Customer.objects.in_bulk([match.one_id, match.other_id])
    keys = PersonKeys()
    known = persons_in(customers, keys=keys)
    masked = masked_persons(customers, FIELDS)
    return SideBySide(
        one=customers[match.one_id],
        other=customers[match.other_id],
        whole={who: _values(known.get(who, Known())) for who in customers},
        masks={
            who: {field: str(value) for field in FIELDS if (value := getattr(masked.get(who), field, None)) is not None}
            for who in customers
        },
    )


def names_of(ids: Sequence[UUID]) -> dict[UUID, Any]:
    """Masked persons for lists of pairs; two statements."""
    return dict(masked_persons(ids, _LISTED))


def last_search() -> JobRun | None:
    """The latest run of the search, whether it waits, runs or ended."""
    return JobRun.objects.filter(name=SEARCH).order_by("-id").first()


def decided_on(customers: Sequence[UUID]) -> set[UUID]:
    """Of these customers those in a pair that somebody decided. One statement."""
    wanted = set(customers)
    pairs = Match.objects.exclude(state=MatchState.OPEN).filter(Q(one__in=wanted) | Q(other__in=wanted))
    return wanted & {who for pair in pairs.values_list("one", "other") for who in pair}


def matches_of(ids: Sequence[UUID]) -> list[Match]:
    """Likely pairs that wait, of which one record is among these; the likeliest first, ten at most."""
    of_them = Q(one__in=ids) | Q(other__in=ids)
    return list(open_matches().filter(of_them).select_related("one", "other").order_by(*BY_PROBABILITY)[:10])


def _values(known: Known) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": known.name,
        "title": known.title,
        "phone": known.phones[0] if known.phones else "",
        "other_phones": known.phones[1:],
        "email": known.emails[0] if known.emails else "",
        "other_emails": known.emails[1:],
        "born_on": known.born_on,
        "address": known.address,
    }
    return {field: value for field, value in values.items() if value}


def _beyond(match: Match, order: Sequence[str]) -> Q:
    """Rows that come after a match."""
    beyond, same = Q(), Q()
    for name in order:
        field, step = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        value = getattr(match, field)
        beyond |= same & Q(**{f"{field}__{step}": value})
        same &= Q(**{field: value})
    return beyond
