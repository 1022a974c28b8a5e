"""Drafts: kept sealed, given back to their writer alone, bounded, forgotten."""

from datetime import UTC, datetime, timedelta

import pytest

from shouyue.store.models import Draft, Staff
from shouyue.store.saved.drafts import (
    BYTES_MAX,
    DRAFTS_MAX,
    KEPT_FOR,
    DraftTooLargeError,
    drop_draft,
    keep_draft,
    kept_draft,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
TYPED = {"remark": ["客户王伟鑫说货到晚了"], "tags": ["late", "vip"]}


@pytest.fixture
def lin():
    return Staff.objects.create_user("lin@a.example", name="林知夏", party="a")


def test_a_draft_comes_back_whole_with_its_moment(lin):
    keep_draft(TYPED, form="case", by=lin, at=AT)
    kept = kept_draft(form="case", by=lin, at=AT + timedelta(hours=1))
    assert (kept.fields, kept.saved_at) == (TYPED, AT)


def test_a_later_draft_takes_the_place_of_the_one_before(lin):
    keep_draft(TYPED, form="case", by=lin, at=AT)
    keep_draft({"remark": ["x"]}, form="case", by=lin, at=AT + timedelta(minutes=1))
    assert kept_draft(form="case", by=lin, at=AT + timedelta(minutes=2)).fields == {"remark": ["x"]}
    assert Draft.objects.count() == 1


def test_nobody_else_gets_it_and_the_database_does_not_show_it(lin):
    zhou = Staff.objects.create_user("zhou@a.example", name="周", party="a")
    keep_draft(TYPED, form="case", by=lin, at=AT)
    assert kept_draft(form="case", by=zhou, at=AT) is None
    assert kept_draft(form="other", by=lin, at=AT) is None
    box = bytes(Draft.objects.get().box)
    assert "王伟鑫".encode() not in box
    assert b"late" not in box
    # Moved to another person's row it does not open.
    Draft.objects.update(owner=zhou)
    assert kept_draft(form="case", by=zhou, at=AT) is None


def test_a_draft_that_was_sent_is_gone(lin):
    keep_draft(TYPED, form="case", by=lin, at=AT)
    drop_draft(form="case", by=lin)
    assert kept_draft(form="case", by=lin, at=AT) is None


def test_old_drafts_are_not_given_back_and_go_with_the_next_one(lin):
    keep_draft(TYPED, form="case", by=lin, at=AT)
    later = AT + KEPT_FOR + timedelta(seconds=1)
    assert kept_draft(form="case", by=lin, at=later) is None
    keep_draft({"a": ["b"]}, form="other", by=lin, at=later)
    assert [draft.form for draft in Draft.objects.all()] == ["other"]


def test_of_too_many_drafts_the_oldest_goes(lin):
    for number in range(DRAFTS_MAX + 1):
        keep_draft({"a": ["b"]}, form=f"form-{number}", by=lin, at=AT + timedelta(seconds=number))
    forms = set(Draft.objects.values_list("form", flat=True))
    assert len(forms) == DRAFTS_MAX
    assert "form-0" not in forms


def test_far_too_much_is_refused_and_the_draft_before_stays(lin):
    keep_draft(TYPED, form="case", by=lin, at=AT)
    with pytest.raises(DraftTooLargeError):
        keep_draft({"remark": ["x" * BYTES_MAX]}, form="case", by=lin, at=AT)
    assert kept_draft(form="case", by=lin, at=AT).fields == TYPED
