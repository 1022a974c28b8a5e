"""The door of the filings: what was done for the dated duties, and where they stand."""

from shouyue.agreement.filings.actions import Done, file_duty
from shouyue.agreement.filings.queries import TONES, WORDS, DatedStanding, DueDay, dated_standings, due_days

__all__ = ["TONES", "WORDS", "DatedStanding", "Done", "DueDay", "dated_standings", "due_days", "file_duty"]
