"""What is agreed and when it is due: the agreement, its schedule, its duties and definitions, its clauses."""

from shouyue.agreement.terms.queries.agreements import (
    PhaseView,
    agreement,
    agreements_in_force,
    current_agreement,
    phases,
)
from shouyue.agreement.terms.queries.duties import (
    Duty,
    PinnedTarget,
    definition,
    definitions,
    duties,
    pinned_targets,
)

__all__ = [
    "Duty",
    "PhaseView",
    "PinnedTarget",
    "agreement",
    "agreements_in_force",
    "current_agreement",
    "definition",
    "definitions",
    "duties",
    "phases",
    "pinned_targets",
]
