"""Statements that the server keeps: the same rows, and no values of others in the memory of the driver."""

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shouyue.store.prepared import executed, fetched

_SUM = "SELECT sum(one)::bigint, %s::text FROM unnest(%s::int[]) AS told (one)"


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [3, 300])
def test_few_and_many_rows_have_the_same_answer(rows):
    numbers = f"{{{','.join(map(str, range(rows)))}}}"
    for word in ("守", 'it\'s %s \\ "约"'):
        assert fetched(_SUM, [word, numbers], rows=rows) == [(sum(range(rows)), word)]


@pytest.mark.django_db
def test_a_statement_is_counted_like_any_other():
    with CaptureQueriesContext(connection) as seen:
        fetched(_SUM, ["a", "{1}"])
    assert len(seen) == 1


@pytest.mark.django_db
def test_the_statement_is_kept_and_the_texts_of_other_cursors_are_not():
    fetched(_SUM, ["a", "{1}"])
    with connection.cursor() as cursor:
        for number in range(5):
            cursor.execute("SELECT %s", [f"a secret {number}"])
    kept = fetched("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT sum(one)%%'", [])
    assert kept == [(1,)]
    assert connection.connection._prepared._counts == {}


@pytest.mark.django_db
def test_after_a_failure_the_statement_works_again():
    with pytest.raises(DataError), transaction.atomic():
        executed("SELECT 1 / %s::int", [0])
    assert fetched(_SUM, ["a", "{1,2}"]) == [(3, "a")]
