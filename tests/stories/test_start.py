"""The two commands as a stranger types them: what they print, what they refuse, and what kill -9 does to them."""

import json
import os
import re
import signal
import socket
import sys
from pathlib import Path

import psutil
import pytest

from tests.stories.installation import Running, installed, read, signed_in, somebody, until

ORDERS = """order_no,customer_no,ordered_at,store,item_code,item_name,quantity,unit_price
D1,C1,2025-01-05 10:00:00,园区店,A-1,保温杯,2,99.00
D1,C1,2025-01-05 10:00:00,园区店,A-2,毛巾,1,59.00
D2,C2,2025-01-06 11:30:00,园区店,A-1,保温杯,1,99.00
T1,C1,2025-01-09 09:00:00,园区店,A-1,保温杯,-1,99.00
"""
ANSWERS = "answer_no,customer_no,order_no,asked_on,answered_at,score\nQ1,C1,D1,2025-01-20,2025-01-21 08:00:00,5\n"
# 3 orders (one is a return) with 4 lines of 2 customers; a run for each of the two files; three accounts.
FILLED = {
    "purchases_order": 3,
    "purchases_orderline": 4,
    "customers_customer": 2,
    "store_importrun": 2,
    "store_staff": 3,
}


def write_records(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (folder / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def installation():
    with installed() as found:
        write_records(found.folder / "records")
        found.running = None
        yield found


@pytest.fixture
def demo(installation) -> Running:
    """The demo of the small folder, started again where a test before ended it."""
    if installation.running is None or installation.running.process.poll() is not None:
        installation.running = installation.start(installation.folder / "records")
    return installation.running


def test_the_demo_prints_where_it_answers_and_who_may_come_in(installation, demo):
    assert re.search(r"守约 Shouyue +(\S+)", demo.text)[1] == installation.address
    accounts = demo.accounts()
    assert [one.email for one in accounts] == ["lin@party-a.example", "zhou@party-b.example", "shen@auditor.example"]
    for one in accounts:
        assert "D2" in read(signed_in(demo.address, one), f"{demo.address}/orders/")
    assert installation.counts() == FILLED
    # Up to the greeting: other tests kill its processes, and it says so.
    greeting = demo.text.split("Ctrl-C")[0]
    assert "WARNING" not in greeting
    assert "Traceback" not in greeting


def test_a_second_start_says_that_it_runs_already(installation, demo):
    second = installation.run("demo", "--data", str(installation.folder / "records"), "--port", "1")
    assert (second.code, second.err) == (0, "")
    assert second.out == f"守约已经在运行 / Shouyue is already running: {installation.address}\n"
    assert demo.answers()


def test_the_database_killed_comes_back_with_everything_committed(installation, demo):
    client = signed_in(demo.address, demo.accounts()[0])  # a session: the last thing committed before the kill
    killed = installation.postmaster()
    os.kill(killed, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(killed) or installation.postmaster() != killed)
    until(demo.answers)
    assert installation.postmaster() != killed
    assert "D2" in read(client, f"{demo.address}/orders/")
    assert installation.counts() == FILLED


def test_the_web_server_killed_comes_back(installation, demo):
    killed = installation.web_server(demo.process.pid)
    children = killed.children(recursive=True)
    killed.kill()
    psutil.wait_procs([killed, *children], timeout=20)
    until(demo.answers)
    assert installation.web_server(demo.process.pid).pid != killed.pid


def test_a_killed_supervisor_takes_its_children_along_and_the_next_start_goes_on(installation, demo):
    before, home = demo.accounts(), installation.demo_home()
    demo.process.kill()
    demo.process.wait()
    until(lambda: not installation.processes())
    # Both pid files are left over; by now their numbers belong to some other program: to this test.
    told = json.loads((home / "running.json").read_text())
    (home / "running.json").write_text(json.dumps({**told, "pid": os.getpid()}))
    (home / "pg" / "postmaster.pid").write_text(f"{os.getpid()}\n{home / 'pg'}\n")
    again = installation.running = installation.start(installation.folder / "records")
    assert again.accounts() == before
    assert "D2" in read(signed_in(again.address, before[1]), f"{again.address}/orders/")
    assert installation.counts() == FILLED  # two runs of import as before: nothing was imported again


def test_ctrl_c_stops_everything(installation, demo):
    assert demo.press_ctrl_c() == 0
    assert installation.processes() == []
    assert not (installation.demo_home() / "running.json").exists()
    assert "Traceback" not in demo.text


def test_a_taken_port_is_refused(installation, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        words = ("demo", "--data", str(installation.folder / "records"), "--port", str(port))
        refused = installation.run(*words, SHOUYUE_HOME=str(tmp_path))
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        f"守约：端口 {port} 已被别的程序占用。请用 --port 换一个。\n"
        f"shouyue: port {port} is taken by another program; choose another with --port.\n"
    )


@pytest.mark.parametrize(
    ("content", "chinese", "english"),
    [
        (b"", "是空文件", "is empty"),
        (ORDERS.splitlines()[0], "下面没有数据", "no rows below it"),
        ("order_no,quantity\nD1,1\n", "缺少以下列：customer_no", "lacks these columns: customer_no"),
        (bytes(range(256)) * 20, "不是文本表格", "is not a table of text"),
        (None, "里没有认得的数据文件", "no known records in"),
    ],
    ids=["empty", "header only", "columns missing", "not a table", "no file"],
)
def test_a_folder_that_cannot_be_used_is_refused_and_nothing_is_made(installation, tmp_path, content, chinese, english):
    if content is not None:
        (tmp_path / "orders.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    refused = installation.run("demo", "--data", str(tmp_path), SHOUYUE_HOME=str(tmp_path / "home"))
    assert (refused.code, refused.out) == (2, "")
    in_chinese, in_english = refused.err.splitlines()
    assert chinese in in_chinese
    assert english in in_english
    assert not (tmp_path / "home").exists()


def test_a_folder_that_is_not_there_is_refused(installation, tmp_path):
    refused = installation.run("demo", "--data", str(tmp_path / "none"), SHOUYUE_HOME=str(tmp_path / "home"))
    assert refused.code == 2
    assert refused.err == (
        f"守约：{tmp_path / 'none'} 不是文件夹。请给出放有数据文件的文件夹。\n"
        f"shouyue: {tmp_path / 'none'} is not a folder of records.\n"
    )
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SHOUYUE_PORT", "abc", "SHOUYUE_PORT is 'abc'; it must be a port number from 1 to 65535."),
        ("SHOUYUE_NONSENSE", "1", "SHOUYUE_NONSENSE is not a setting of Shouyue."),
        (
            "SHOUYUE_TIME_ZONE",
            "Mars/Olympus",
            "SHOUYUE_TIME_ZONE is 'Mars/Olympus'; it must be a time zone name such as",
        ),
        ("SHOUYUE_KEYS", "k:secret", "SHOUYUE_KEYS is (hidden); it must be"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(installation, tmp_path, name, value, sentence):
    settings = {"SHOUYUE_HOME": str(tmp_path / "home"), name: value}
    refused = installation.run("demo", "--data", str(installation.folder / "records"), **settings)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(f"shouyue: {sentence}")
    assert len(refused.err.splitlines()) == 1
    assert not (tmp_path / "home").exists()
    # The sentence says where to look, and there the wrong value does not stand in the way.
    assert installation.run("settings", **settings).code == 0


def test_compiled_modules_are_kept_with_the_environment_whatever_the_machine_says(installation):
    checkout, kept = installation.folder / "checkout", installation.folder / "venv" / "bytecode"
    assert installation.run("help", PYTHONDONTWRITEBYTECODE="1").code == 0
    assert [path.name for path in kept.rglob("main/cli.*.pyc")] == [f"cli.{sys.implementation.cache_tag}.pyc"]
    assert list(checkout.rglob("__pycache__")) == []


def test_check_runs_its_steps_in_the_copy(installation):
    done = installation.run("check", "migrations", "src/shouyue/kernel/tests/test_period.py")
    shown = [line.split()[:2] for line in done.out.splitlines() if line.startswith(("ok ", "FAIL"))]
    assert (done.code, shown[-2:]) == (0, [["ok", "migrations"], ["ok", "tests"]]), done.out + done.err
    unknown = installation.run("check", "nothing-like-that")
    assert (unknown.code, unknown.out.split(" ")[0]) == (2, "usage:")


def test_an_ordinary_user_starts_and_stops_it(installation):
    del installation  # asked for so that this one comes where the others are
    with somebody() as account, installed(account) as own:
        running = own.start(write_records(own.folder / "somebody" / "records"))
        assert own.counts() == FILLED
        if account:
            owners = {process.uids().real for process in own.processes()}
            assert owners == {account.pw_uid}
        assert running.press_ctrl_c() == 0
        assert own.processes() == []
