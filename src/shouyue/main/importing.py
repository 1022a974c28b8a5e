"""`./shouyue import`: files through a mapping, with progress, and what to tell the person at the terminal."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from shouyue.kernel.clock import now
from shouyue.main.mappings import BY_NAME
from shouyue.store.imports.engine import Request, StepReport, import_files
from shouyue.store.imports.mapping import Mapping, Tally
from shouyue.store.imports.progress import Progressed
from shouyue.store.imports.reasons import rejection_kinds
from shouyue.store.imports.refusals import ImportRefusedError, ImportTakenOverError, refuse
from shouyue.store.tabular import FileRefusedError

DONE, FAILED, REFUSED = 0, 1, 2
_LANGUAGES = ("zh-hans", "en")
_SECONDS_BETWEEN_LINES = 2.0
_REASONS_SHOWN = 10


def import_command(words: Sequence[str]) -> int:
    """Import files as the words say. Returns 0; 1 if another process took over; 2 if the input cannot be used.

    With --json the last line of the output is an object whose created + updated + unchanged + rejected are its rows.
    """
    options = _parser().parse_args(words)
    request = Request(options.paths, "import", options.currency, options.zone, is_rehearsal=options.dry_run)
    began = monotonic()
    try:
        reports = import_files(_mapping(options.mapping), request, now=now, report=_told())
    except (ImportRefusedError, FileRefusedError) as refused:
        tell_refusal(refused)
        return REFUSED
    except ImportTakenOverError:
        for language in _LANGUAGES:
            with override(language):
                _say(_("Another process has taken up the same import; it goes on there."))
        return FAILED
    _tell_reports(reports, is_rehearsal=options.dry_run)
    if options.json:
        sys.stdout.write(json.dumps(_summary(reports, options, monotonic() - began)) + "\n")
    return DONE


def tell_refusal(refused: FileRefusedError | ImportRefusedError) -> None:
    """Say in Chinese and in English why the files cannot be used."""
    for language in _LANGUAGES:
        with override(language):
            _say(str(refused.message))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./shouyue import",
        description="Import records from CSV, XLSX or Parquet. An interrupted import resumes when it is called again.",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or a folder with the files")
    parser.add_argument("--mapping", required=True, help=f"what the files are: {', '.join(BY_NAME)}")
    parser.add_argument("--dry-run", action="store_true", help="check and count everything, write nothing")
    parser.add_argument("--json", action="store_true", help="print the counts as a last line of JSON")
    parser.add_argument("--currency", help="of the amounts, such as CNY, instead of the mapping's")
    parser.add_argument("--zone", help="of the times, such as Asia/Shanghai, instead of the mapping's")
    return parser


def _mapping(name: str) -> Mapping:
    if name not in BY_NAME:
        refuse("unknown-mapping", name=name, known=tuple(BY_NAME))
    return BY_NAME[name]


def _told() -> Callable[[Progressed], None]:
    """Tells of progress: one changing line on a terminal, a line every two seconds elsewhere."""
    is_terminal, last = sys.stderr.isatty(), [0.0]

    def tell(progressed: Progressed) -> None:
        if not is_terminal and monotonic() - last[0] < _SECONDS_BETWEEN_LINES:
            return
        last[0] = monotonic()
        of = f" / {progressed.rows_total:,}" if progressed.rows_total else ""
        line = f"{_PHASES[progressed.phase]} {progressed.rows_done:,}{of}  {progressed.rows_per_second:,.0f}/s"
        sys.stderr.write(f"\r\x1b[K{line}" if is_terminal else f"{line}\n")
        sys.stderr.flush()

    return tell


_PHASES = {"check": "检查 checked", "commit": "写入 written"}


def _tell_reports(reports: Sequence[StepReport], *, is_rehearsal: bool) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    for report in reports:
        for language in _LANGUAGES:
            with override(language):
                _say(_sentence(report, is_rehearsal=is_rehearsal))
                _tell_rejections(report.run_id)


def _tell_rejections(run_id: UUID) -> None:
    """Why rows were turned away, the most frequent reason first, each with its first row. No values of persons."""
    kinds = rejection_kinds(run_id)
    for kind in kinds[:_REASONS_SHOWN]:
        told = ngettext(
            "%(count)s row, row %(row)s: %(reason)s", "%(count)s rows, first row %(row)s: %(reason)s", kind.rows
        )
        _say("  " + told % {"count": kind.rows, "row": kind.first_row, "reason": kind.reason})
    if kinds:
        _say(
            "  "
            + _(
                "Row 1 is the first one below the column names; empty rows do not count. All rejected rows with their "
                "reasons are a file on the import's page: %(page)s"
            )
            % {"page": reverse("purchases:import", args=[run_id])}
        )


def _sentence(report: StepReport, *, is_rehearsal: bool) -> str:
    counts = {
        "rows": report.rows,
        "created": report.tally.created,
        "updated": report.tally.updated,
        "unchanged": report.tally.unchanged,
        "rejected": report.tally.rejected,
        "step": report.title,
    }
    if report.was_done:
        return _("%(step)s: already imported, %(rows)s rows, nothing to do.") % counts
    if is_rehearsal:
        return (
            _(
                "%(step)s: rehearsed, nothing written. Of %(rows)s rows %(created)s would be created, "
                "%(updated)s updated, %(unchanged)s unchanged, %(rejected)s rejected."
            )
            % counts
        )
    return (
        _(
            "%(step)s: of %(rows)s rows %(created)s created, %(updated)s updated, %(unchanged)s unchanged, "
            "%(rejected)s rejected."
        )
        % counts
    )


def _summary(reports: Sequence[StepReport], options: argparse.Namespace, seconds: float) -> dict[str, object]:
    total = sum((report.tally for report in reports), Tally())
    return {
        "mapping": options.mapping,
        "dry_run": options.dry_run,
        "rows": sum(report.rows for report in reports),
        "created": total.created,
        "updated": total.updated,
        "unchanged": total.unchanged,
        "rejected": total.rejected,
        "already_imported": all(report.was_done for report in reports),
        "runs": [str(report.run_id) for report in reports],
        "seconds": round(seconds, 3),
    }


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
