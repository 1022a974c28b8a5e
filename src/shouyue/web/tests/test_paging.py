"""Lists by keyset: every row once, forwards and backwards, whatever the page size."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from shouyue.store.models import Staff
from shouyue.web import paging

pytestmark = pytest.mark.django_db
ORDER = ("-party", "name", "id")


@pytest.fixture
def staff():
    # Equal parties and names on purpose: only the id makes the order total.
    return Staff.objects.bulk_create(
        Staff(email=f"p{i}@a.example", name=f"n{i % 3}", party="ab"[i % 2], password="!") for i in range(23)
    )


def page(url, size=5, queryset=None):
    request = RequestFactory().get(f"/list{url or ''}")
    return paging.page_of(
        Staff.objects.all() if queryset is None else queryset, order=ORDER, request=request, size=size
    )


@pytest.mark.parametrize("size", [1, 4, 5, 22, 23, 24])
def test_walking_forwards_and_back_shows_every_row_once(staff, size):
    wanted = list(Staff.objects.order_by(*ORDER))
    there, seen = page("", size), []
    while True:
        seen.extend(there.rows)
        if there.next_url is None:
            break
        there = page(there.next_url, size)
    assert seen == wanted
    back = list(there.rows)
    while there.previous_url:
        there = page(there.previous_url, size)
        back = [*there.rows, *back]
    assert back == wanted


def test_the_rest_of_the_address_stays(staff):
    first = page("?party=a&q=%E5%AE%88")
    assert first.next_url.startswith("?party=a&q=%E5%AE%88&after=")
    second = page(first.next_url)
    assert "&before=" in second.previous_url
    assert "after=" not in second.previous_url


def test_the_first_page_has_no_previous_and_the_last_no_next(staff):
    assert page("", 23).next_url is None
    assert page("").previous_url is None


@pytest.mark.parametrize("cursor", ["nonsense", "eA", "W10", "WyJhIl0", "bnVsbA", "WzEsMiwzXQ", "%00"])
def test_a_broken_cursor_shows_the_first_page(staff, cursor):
    assert page(f"?after={cursor}").rows == page("").rows or cursor == "WzEsMiwzXQ"


def test_the_count_is_exact_or_says_that_it_is_not(staff, monkeypatch):
    assert (page("").total, page("").is_exact) == (23, True)
    monkeypatch.setattr(paging, "COUNTED_MAX", 20)
    assert (page("").total, page("").is_exact) == (20, False)


def test_a_page_costs_two_statements_and_no_offset(staff):
    later = page(page("").next_url).next_url
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(later)
    assert len(queries) == 2
    assert "OFFSET" not in queries[0]["sql"]


def test_an_empty_list_has_no_neighbours():
    empty = page("")
    assert (list(empty.rows), empty.next_url, empty.previous_url, empty.total) == ([], None, None, 0)
