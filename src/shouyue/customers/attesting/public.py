"""The door of attesting."""

from shouyue.customers.attesting.actions import (
    keep_attestation,
    keep_changes,
    keep_confirmations,
    keep_values,
    put_back_standings,
)
from shouyue.customers.attesting.models import Attestation, FieldAttestation, Method, ValueAttestation
from shouyue.customers.attesting.queries import attested_values, standings_of, value_key
from shouyue.customers.attesting.rules.origins import (
    BY_HAND,
    GONE,
    GOVERNED,
    TOLD,
    Origin,
    bits_of,
    governed_in,
)
from shouyue.customers.attesting.rules.standing import Standing

__all__ = [
    "BY_HAND",
    "GONE",
    "GOVERNED",
    "TOLD",
    "Attestation",
    "FieldAttestation",
    "Method",
    "Origin",
    "Standing",
    "ValueAttestation",
    "attested_values",
    "bits_of",
    "governed_in",
    "keep_attestation",
    "keep_changes",
    "keep_confirmations",
    "keep_values",
    "put_back_standings",
    "standings_of",
    "value_key",
]
