"""Clause 4.1, kept up to date: a clerk brings a messy list in, mends it, merges a double, takes that back, and reads
how accurate the records are."""

import secrets
from pathlib import Path
from uuid import UUID

import pytest

from shouyue.customers.duplicates.models import Match, MatchState, Merging
from shouyue.customers.lists.tests.test_undoing import who
from shouyue.customers.people.queries import persons_in
from shouyue.customers.public import Customer
from shouyue.customers.quality.actions.auditing import close_audit, commit_audit, draw_audit, note_answers, values_of
from shouyue.customers.quality.models import AuditItem
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.store.models import ImportRun
from shouyue.store.person_keys import PersonKeys
from shouyue.store.tests.workbooks import write_workbook
from tests.stories import test_import_wizard
from tests.stories.company import bring, order
from tests.stories.reader import Reader, reading

pytestmark = pytest.mark.browser
site = test_import_wizard.site  # the product with a worker
MESSY = [
    ("会员编号", "姓名", "手机号", "出生日期", "备注"),
    ("M1", "王伟", "13800006621", "1990-05-17", "老客户"),
    ("M2", "王伟先生", "138 0000 6621", "1990-05-17", ""),
    ("M3", "单雪", "12345678", "1985-11-02", "电话少了几位"),
    ("M4", "李雷", "13900000002", "1990-02-30", "没有这一天"),
]
# Each of the two has an order: the one who stands for both shows the two in one timeline.
ORDERS = [order("D1", "M1", "2025-01-05"), order("D2", "M2", "2025-01-06")]
WORDS = {
    "zh-hans": ("上传并查看", "立即导入", "文件已导入", "准确性抽查"),
    "en": ("Upload and look into it", "Import now", "The file is imported", "Audits of accuracy"),
}
AUDITS = "/customers/quality/audits/"


def go(reader: Reader, key: str, *, until: str) -> None:
    """A key that leads to a page which a worker completes; it is looked at once it is complete."""
    with reader.page.expect_navigation():
        reader.page.keyboard.press(key)
    reader.page.locator(until).wait_for(timeout=30_000)
    reader.look()


def follow(reader: Reader, key: str) -> None:
    """A key that leads to a page of which `test_clause_4_1_duplicates.py` looks at every kind."""
    with reader.page.expect_navigation():
        reader.page.keyboard.press(key)


def imported(reader: Reader, done: str) -> ImportRun:
    """Import what the dry run on the page has shown."""
    go(reader, "i", until=f"h1:has-text('{done}')")
    run = ImportRun.objects.filter(is_rehearsal=False, step="customers").latest("started_at")
    assert run.created + run.updated + run.unchanged + run.rejected == run.rows_total
    return run


def a_double_is_found() -> Match:
    """As the search leaves it; how well it finds them is measured in `customers/linking/tests`."""
    one, other = sorted([who("M1"), who("M2")])
    return Match.objects.create(
        id=new_id(), one_id=one, other_id=other, probability=0.99, weight=9, evidence={}, found_at=clock.now()
    )


def the_audit_is_closed() -> None:
    """Everybody is called; one of them says that the number is another one."""
    at = clock.now()
    audit = commit_audit(month=at.date(), size=4, seed=secrets.token_hex(32), by="staff:1", at=at)
    draw_audit(audit.pk, by="staff:1", at=clock.now())
    for item in AuditItem.objects.filter(audit=audit).order_by("place"):
        said = values_of(persons_in([item.customer_id], keys=PersonKeys())[item.customer_id])
        note_answers(audit.pk, item.place, said | ({"phone": "13911112222"} if item.place == 1 else {}))
    close_audit(audit.pk, by="staff:1", at=clock.now())


def phone_of(customer_id: UUID) -> tuple[str, ...]:
    return persons_in([customer_id], keys=PersonKeys())[customer_id].phones


@pytest.mark.parametrize("language", WORDS)
def test_a_messy_list_comes_in_is_mended_merged_taken_apart_and_audited(browser, site, tmp_path: Path, language):
    look, begin, done, audits = WORDS[language]
    bring(tmp_path, orders=ORDERS)
    with reading(browser, site, party="a", language=language, path="/imports/new") as reader:
        # The chooser of files belongs to the system; everything of ours is done by keys.
        reader.page.set_input_files("#file", write_workbook(tmp_path / "会员.xlsx", {"名单": MESSY}))
        reader.follow(look)
        go(reader, "s", until=f"button:has-text('{begin}')")
        run = imported(reader, done)
        assert (run.rows_total, run.rejected) == (4, 2)
        reader.press("m")
        for mended in ("13800006622", "1990-02-28"):
            reader.tab_until("document.activeElement.getAttribute('aria-invalid') === 'true'")
            reader.type(mended)
            reader.page.keyboard.press("Tab")
        reader.page.keyboard.press("Shift+Tab")
        go(reader, "Enter", until=f"button:has-text('{begin}')")
        run = imported(reader, done)
        assert (run.rows_total, run.created, run.rejected) == (2, 2, 0)
        assert phone_of(who("M3")) == ("+8613800006622",)

        match = a_double_is_found()
        reader.page.goto(site.path("/customers/duplicates/"))
        reader.tab_until("document.activeElement.closest('tbody a')")
        follow(reader, "Enter")
        follow(reader, "m")
        follow(reader, "m")
        match.refresh_from_db()
        merging = Merging.objects.get(undone_at__isnull=True)
        assert match.state == MatchState.MERGED
        reader.page.goto(site.path(f"/customers/{merging.survivor_id}/"))
        assert all(number in reader.text() for number in ("D1", "D2"))
        reader.page.goto(site.path("/customers/duplicates/?show=merged"))
        reader.tab_until("document.activeElement.closest('form[action*=unmerge]') !== null")
        follow(reader, "Enter")
        assert Merging.objects.filter(undone_at__isnull=True).count() == 0
        assert Customer.objects.count() == 4
        for number, own, others in (("M1", "D1", "D2"), ("M2", "D2", "D1")):
            reader.page.goto(site.path(f"/customers/{who(number)}/"))
            assert (own in reader.text(), others in reader.text()) == (True, False)

        the_audit_is_closed()
        reader.page.goto(site.path(AUDITS))
        reader.look()
        [row] = reader.rows(audits)
        # Three of four records are right; Clopper-Pearson says 19.4 % to 99.4 %.
        assert row[3] == "75.0%"
        assert ("19.4" in row[4], "99.4" in row[4]) == (True, True)
