"""A contract between two invented companies, for the tests of this room."""

from datetime import UTC, date, datetime
from typing import Any

from shouyue.agreement.terms.actions import AgreementTerms, PartyTerms

SIGNED_AT = datetime(2025, 12, 30, 18, 0, tzinfo=UTC)  # the 31st in Shanghai
PARTY_A = PartyTerms(
    name="云杉百货有限公司",
    legal_representative="林知夏",
    registered_address="苏州市工业园区星湖街 1 号",
    phone="0512-5555 0100",
    email="contract@party-a.example",
)
PARTY_B = PartyTerms(name="知行客户服务有限公司", email="contract@party-b.example")


def terms(**changes: Any) -> AgreementTerms:
    """The sample's terms, with some of them changed."""
    values: dict[str, Any] = {
        "number": "SY-2026-004",
        "party_a": PARTY_A,
        "party_b": PARTY_B,
        "starts_on": date(2026, 1, 1),
    }
    return AgreementTerms(**{**values, **changes})
