"""The door of the intake room."""

from shouyue.intake.actions.carrying import UploadClosedError
from shouyue.intake.actions.pasting import receive_rows, receive_text
from shouyue.intake.actions.receiving import Choice, NotRehearsedError, begin_import, choose, drop, receive
from shouyue.intake.actions.undoing import begin_undo, rehearse_undo
from shouyue.intake.queries import Look, Proposed, label_of, look_at, preview, proposal

__all__ = [
    "Choice",
    "Look",
    "NotRehearsedError",
    "Proposed",
    "UploadClosedError",
    "begin_import",
    "begin_undo",
    "choose",
    "drop",
    "label_of",
    "look_at",
    "preview",
    "proposal",
    "receive",
    "receive_rows",
    "receive_text",
    "rehearse_undo",
]
