"""Facts that only the tests announce, and processes that sequence."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

from shouyue.store.facts import FactBase

AT = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class NoteTaken(FactBase):
    writer: int
    number: int


@dataclass(frozen=True, kw_only=True)
class NoteRead(FactBase):
    kind = "notes.read"
    version = 3
    text: str


def start_process(code: str) -> subprocess.Popen[str]:
    """A Python process of its own, with Django set up on the test's database (DATABASE_URL)."""
    setup = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'shouyue.main.settings'; django.setup()\n"
    return subprocess.Popen([sys.executable, "-c", setup + code], stdout=subprocess.PIPE, text=True)


SEQUENCE_FOR_EVER = """
import threading
from shouyue.store.sequencer import run_sequencer
print("running", flush=True)
run_sequencer(threading.Event())
"""

PLACE_AND_HANG = """
import time
from django.db import transaction
from shouyue.store.sequencer import sequence_once
with transaction.atomic():
    print(sequence_once(), flush=True)
    time.sleep(600)
"""
