"""Clause 4.1, accurate records: two records of one person are found, compared, merged, and taken apart again."""

import pytest

from shouyue.customers.duplicates.models import Match, MatchState
from shouyue.customers.duplicates.tests.test_desk import QUEUE, pairs
from tests.stories.reader import reading

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "skip", "undo"), [("zh-hans", "跳过", "撤销"), ("en", "Skip", "Undo")])
def test_pairs_are_reviewed_by_keys_and_a_merge_is_undone(browser, live_site, language, skip, undo):
    first, second = pairs(0.99, 0.9)
    with reading(browser, live_site, party="b", language=language, path=QUEUE) as reader:
        reader.tab_until("document.activeElement.closest('tbody a')")
        reader.press("Enter")
        assert reader.page.url.endswith(f"{first.pk}/")
        assert skip in reader.text()
        reader.press("j")
        assert reader.page.url.endswith(f"{second.pk}/")
        reader.press("k")
        reader.press("m")
        reader.press("m")
        assert Match.objects.get(pk=first.pk).state == MatchState.MERGED
        assert reader.page.url.endswith(f"{second.pk}/")
        reader.press("n")
        assert Match.objects.get(pk=second.pk).state == MatchState.DISMISSED
        reader.follow(undo)
        assert Match.objects.get(pk=second.pk).state == MatchState.OPEN
