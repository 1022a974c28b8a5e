"""Whose word counts: what was set by hand or verified is not overwritten by a list that was made before."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from shouyue.customers.attesting.rules.origins import BY_HAND, GOVERNED
from shouyue.customers.attesting.rules.standing import Standing
from shouyue.customers.people.rules.people import Known


def hand_stands(by_hand: Mapping[str, str] | None, as_of: datetime | None) -> list[str]:
    """The fields that somebody set by hand and a source of that moment does not change.

    by_hand: field -> moment as ISO text. as_of: when the source was right; None: it does not say, so it may be older.
    """
    if not by_hand:
        return []
    return [name for name, at in by_hand.items() if as_of is None or datetime.fromisoformat(at) > as_of]


def stands(standing: Standing | None, as_of: datetime | None) -> bool:
    """Whether a value stays when a list tells another one.

    It does when it was verified (by the customer, a document, a call, a delivered message) or set by hand later than
    the list was right. A list that does not say as of when it is right is older than both. A value that was only told
    gives way.
    """
    if standing is None:
        return False
    sure = [standing.verified_at, standing.asserted_at if standing.source == BY_HAND else None]
    return any(at is not None and (as_of is None or at > as_of) for at in sure)


def heard(
    known: Known,
    told: Known,
    standings: Mapping[str, Standing],
    as_of: datetime | None,
    attested: Collection[str] = (),
) -> tuple[Known, tuple[str, ...]]:
    """What a list may change of what is known, and the governed fields whose told value gives way to ours.

    attested: further phones, addresses and the like of ours that somebody put there or verified: no list drops them.
    """
    changed = set(known.main_changed(known.with_more(told)))
    kept = tuple(
        field
        for field, attribute in GOVERNED.items()
        if attribute in changed and getattr(known, attribute) and stands(standings.get(field), as_of)
    )
    heard_of = told.without(*(GOVERNED[field] for field in kept))
    joined: dict[str, Any] = {name: _joined(heard_of, known, name, attested) for name in _SEVERAL}
    return replace(heard_of, **joined), kept


def _joined(told: Known, known: Known, name: str, attested: Collection[str]) -> tuple[str, ...]:
    said: tuple[str, ...] = getattr(told, name)
    ours: tuple[str, ...] = getattr(known, name)
    return (*said, *(one for one in ours if one in attested and one not in said)) if said else ()


_SEVERAL: Final = ("phones", "emails", "wechats", "cards")
