"""What the worker knows of lists: it writes their exports, and opens no page."""

import subprocess
import sys

ASK = """
import django
django.setup()
from shouyue.web.habits.lists import declared
for name in ("customers.customers", "purchases.orders", "purchases.products", "nothing"):
    listing = declared(name)
    print(name, bool(listing and listing.chosen and listing.filters))
"""


def test_a_process_that_answers_no_address_knows_every_list(monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "shouyue.main.settings")
    told = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, timeout=300, check=True).stdout
    assert told.splitlines() == [
        "customers.customers True",
        "purchases.orders True",
        "purchases.products True",
        "nothing False",
    ]
