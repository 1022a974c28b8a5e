"""The door of the proceedings: disputes and the early end of the contract."""

from shouyue.agreement.proceedings.queries import blank_checklist, proceedings_of

__all__ = ["blank_checklist", "proceedings_of"]
