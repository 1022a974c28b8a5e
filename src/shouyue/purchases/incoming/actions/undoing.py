"""Take an import of purchases back: what it made goes, what it changed stands as before, what was built on it stays."""

from shouyue.purchases.incoming.facts import PurchasesImportUndone
from shouyue.purchases.undoing.public import take_back, take_back_entries
from shouyue.store import facts
from shouyue.store.imports.mapping import Undo, UndoFinished


def finish_undo(finished: UndoFinished) -> None:
    """Clear the catalogue of what only this import named, and announce the end."""
    take_back_entries(finished.run_id)
    news = PurchasesImportUndone(
        run_id=finished.run_id, restored=finished.restored, removed=finished.removed, kept=finished.kept
    )
    facts.announce(news, at=finished.at, by=finished.by)


UNDO = Undo(take_back=take_back, finish=finish_undo)
