"""Fills a demo: accounts, the agreement, the records through the same import that anybody uses, the measures."""

import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from shouyue.agreement.public import complete_records, live_a_year, sign_agreement
from shouyue.kernel import clock
from shouyue.main.demo import accounts
from shouyue.main.demo.companies import DemoCompany, company_of
from shouyue.main.demo.company import write_company
from shouyue.main.demo.stamp import mark_filled
from shouyue.main.demo.surveys import fill_surveys
from shouyue.main.home import demo_home
from shouyue.main.importing import tell_refusal
from shouyue.main.mappings import BY_NAME
from shouyue.membership.public import EarnProgramme, fill_sample
from shouyue.purchases.public import data_until
from shouyue.scoreboard.public import is_measured, take_measures
from shouyue.store.imports.engine import Request, import_files, plan_steps
from shouyue.store.imports.progress import Progressed
from shouyue.store.imports.refusals import ImportRefusedError
from shouyue.store.models import Staff
from shouyue.store.tabular import FileRefusedError, open_table

if TYPE_CHECKING:
    from shouyue.agreement.terms.models import Agreement

_BY = "demo"
_ZONE = "Asia/Shanghai"


def fill(data: Path | None) -> int:
    """Bring the demo to the state that DIR's files (or the generated ones) describe; a second call changes nothing.

    Returns 2 when files cannot be used; nothing of their step was written then.
    """
    home = demo_home(data)
    _give_accounts(home)
    folder = data or _generated_files(home)
    company = company_of(folder, clock.day_in(_ZONE, clock.now()))
    if company is None:
        return _refuse_folder(folder)
    try:
        is_new = _import(company, folder)
    except (FileRefusedError, ImportRefusedError) as refused:
        tell_refusal(refused)
        return 2
    if data is None and not EarnProgramme.objects.exists():
        _fill_members(company)
    if data is None:
        fill_surveys(clock.now())
    _measure(company, is_new=is_new)
    mark_filled(home, data)
    return 0


def look(folder: Path) -> int:
    """Open the folder's files without a database; 2, with the reason told, when they cannot be used."""
    company = company_of(folder, clock.day_in(_ZONE, clock.now()))
    if company is None:
        return _refuse_folder(folder)
    try:
        for plan in plan_steps(BY_NAME[company.mapping], Request(paths=[folder], by=_BY)):
            for one in plan.inputs:
                open_table(one.path, required=one.pattern.columns).close()
    except (FileRefusedError, ImportRefusedError) as refused:
        tell_refusal(refused)
        return 2
    return 0


def _give_accounts(home: Path) -> None:
    for person in accounts.read(home):
        if not Staff.objects.filter(email=person.email).exists():
            Staff.objects.create_user(person.email, person.password, name=person.name, party=person.party)


def _generated_files(home: Path) -> Path:
    """Written once and kept, so that a second start imports the same files and not those of another day."""
    folder = home / "generated"
    if not (folder / "answers.csv").exists():
        yesterday = clock.day_in(_ZONE, clock.now()) - timedelta(days=1)
        write_company(folder, until=yesterday)
    return folder


def _import(company: DemoCompany, folder: Path) -> bool:
    """Import what is not there yet; whether anything was new."""
    started = time.monotonic()
    reports = import_files(BY_NAME[company.mapping], Request(paths=[folder], by=_BY), now=clock.now, report=_tell)
    for report in reports:
        if not report.was_done:
            seconds = time.monotonic() - started
            sys.stderr.write(f"\r守约：{report.step} {report.rows:,} 行 / rows, {seconds:.1f} s{' ' * 30}\n")
    return not all(report.was_done for report in reports)


def _tell(progress: Progressed) -> None:
    if sys.stderr.isatty():
        done = f"{progress.rows_done:,} {progress.phase} ({progress.rows_per_second:,.0f}/s)"
        sys.stderr.write(f"\r守约：{done}   ")
        sys.stderr.flush()


def _fill_members(company: DemoCompany) -> None:
    started, until = time.monotonic(), data_until(company.mapping, zone=company.zone)
    if until is not None:
        fill_sample(until=until, zone=company.zone, at=clock.now())
        sys.stderr.write(f"守约：会员 / members, {time.monotonic() - started:.1f} s\n")


def _measure(company: DemoCompany, *, is_new: bool) -> None:
    at = clock.now()
    until = data_until(company.mapping, zone=company.zone)
    agreement = sign_agreement(company.terms(data_until=None), by=_BY, at=at)
    if until is not None:
        complete_records(agreement.pk, until=until, by=_BY, at=at)
    _live(agreement, until or clock.day_in(company.zone, at))
    # An earlier start may have been cut off between the import and this.
    if is_new or not is_measured(agreement.pk):
        take_measures(agreement.pk, at=at, by=_BY)


def _live(agreement: "Agreement", until: date) -> None:
    """Plans, filings, disclosures and a claim, so that the pages of the agreement show what they are for."""
    people = {party: Staff.objects.filter(party=party).order_by("pk").first() for party in ("a", "b")}
    if people["a"] and people["b"]:
        live_a_year(agreement, a=people["a"], b=people["b"], until=until)


def _refuse_folder(folder: Path) -> int:
    names = ", ".join(sorted(path.name for path in folder.iterdir())[:8]) or "–"
    sys.stderr.write(
        f"守约：{folder} 里没有认得的数据文件（只见到：{names}）。请放入 orders.csv 等文件，格式见 docs/how-to。\n"
        f"shouyue: no known records in {folder} (found: {names}). See docs/how-to for the files that are understood.\n"
    )
    return 2
