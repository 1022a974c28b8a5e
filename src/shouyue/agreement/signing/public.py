"""The door of signing: drafts, signatures and amendments."""

from shouyue.agreement.signing.actions.drafting import draft_from, edit_draft, start_draft
from shouyue.agreement.signing.actions.signatures import Hand, sign_draft
from shouyue.agreement.signing.models import Draft
from shouyue.agreement.signing.queries import agreement_signatures, loose_lines, shape_of, terms_of

__all__ = [
    "Draft",
    "Hand",
    "agreement_signatures",
    "draft_from",
    "edit_draft",
    "loose_lines",
    "shape_of",
    "sign_draft",
    "start_draft",
    "terms_of",
]
