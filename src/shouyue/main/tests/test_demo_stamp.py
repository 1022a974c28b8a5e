"""A filled demo starts without looking again; anything that could make a difference makes it look."""

import os

import pytest

from shouyue.main.demo.stamp import is_filled, mark_filled


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home" / "pg").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def records(tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "orders.csv").write_text("a\n1\n")
    return folder


def test_it_is_filled_once_it_was_marked_for_the_same_files(home, records):
    assert not is_filled(home, records)
    mark_filled(home, records)
    assert is_filled(home, records)
    assert not is_filled(home, None)


def test_a_generated_company_needs_no_folder(home):
    mark_filled(home, None)
    assert is_filled(home, None)


def test_another_file_a_changed_file_and_a_lost_database_are_looked_at(home, records):
    mark_filled(home, records)
    (records / "answers.csv").write_text("b\n")
    assert not is_filled(home, records)
    mark_filled(home, records)
    os.utime(records / "orders.csv", ns=(1, 1))
    assert not is_filled(home, records)
    mark_filled(home, records)
    (home / "pg").rmdir()
    assert not is_filled(home, records)
