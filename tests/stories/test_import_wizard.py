"""A file comes in through the wizard, by keyboard alone in a real browser; every page passes axe in both languages."""

import subprocess
import sys

import pytest

from shouyue.intake.tests.wizard_ground import gb18030_file
from shouyue.purchases.orders.models import Order
from shouyue.store.models import Staff
from tests.looking import barriers, overflow, watch

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"
WORKER = """
import threading
import django
django.setup()
from shouyue.store.jobs.running import Pace, run_jobs
run_jobs(threading.Event(), Pace(beat_seconds=0.2))
"""


@pytest.fixture
def site(tmp_path, monkeypatch, request):
    """The product with a worker, keeping its files under the test's folder."""
    monkeypatch.setenv("SHOUYUE_FILES", str(tmp_path / "home"))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "shouyue.main.settings")
    found = request.getfixturevalue("live_site")
    process = subprocess.Popen([sys.executable, "-c", WORKER])
    yield found
    process.kill()
    process.wait(60)


def looked_at(page):
    """The page has no accessibility fault and does not scroll sideways, wide and on a phone, light and dark."""
    for width, scheme in ((1440, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert (overflow(page), barriers(page)) == (0, [])
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")


def press(page, name):
    """Enter on the button, reached by focus."""
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Upload and look into it", "Start the dry run", "Import now", "The file is imported")),
        ("zh-hans", ("上传并查看", "开始试运行", "立即导入", "文件已导入")),
    ],
)
def test_a_file_is_brought_in_by_keyboard(browser, site, tmp_path, language, words):
    Staff.objects.create_user("lin@a.example", PASSWORD, name="林知夏", party="a")
    look, rehearse, go, done = words
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "shouyue_language", "value": language, "url": site.url}])
    context.set_default_timeout(60_000)
    page = context.new_page()
    said = []
    watch(page, said)
    page.goto(site.path("/account/login/?next=/imports/new"))
    page.fill("[name=login]", "lin@a.example")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(site.path("/imports/new"))
    looked_at(page)
    # The chooser of files belongs to the system; everything of ours is done by keys.
    page.set_input_files("#file", gb18030_file(tmp_path))
    press(page, look)
    page.wait_for_selector("#id_field-order_no")
    looked_at(page)
    page.focus("#id_field-item_name")
    page.keyboard.press("Home")
    page.keyboard.press("End")
    assert page.input_value("#id_field-item_name") == "备注"
    press(page, rehearse)
    page.get_by_role("button", name=go).wait_for()
    assert "2026/2/30 09:00" in page.locator("#stage").inner_text()
    assert Order.objects.count() == 0
    looked_at(page)
    press(page, go)
    page.get_by_role("heading", level=1, name=done).wait_for()
    looked_at(page)
    assert set(Order.objects.values_list("number", flat=True)) == {"T-1", "T-2"}
    context.close()
    assert said == []
