"""The guide to the API says what works: its examples are sent as they stand, one after the other."""

import json
import re
import shlex
from pathlib import Path

import pytest
from django.test import Client

from shouyue.rest.tests.callers import made_key

pytestmark = pytest.mark.django_db
GUIDE = Path(__file__).parents[4] / "docs" / "how-to" / "call-the-api.md"
LINE = {"item": "TEA", "quantity": 1, "unit_price": "1"}
FILES = {
    "purchases.ndjson": "\n".join(
        json.dumps({"number": str(number), "placed_at": "2026-03-02T09:00:00+08:00", "lines": [LINE]})
        for number in range(3)
    )
}


def examples() -> list[list[str]]:
    """The words of every curl command of the guide, in its order."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    commands = re.split(r"(?m)^(?=curl )", "\n".join(blocks).replace("\\\n", " "))
    # Points need members and a programme; membership tests those calls itself.
    return [shlex.split(one) for one in commands if one.startswith("curl ") and "/points/" not in one]


def send(words: list[str], known: dict[str, str]):
    """Send one command as the client would. known: what stands for $SITE and the like."""
    words = [re.sub(r"\$([A-Z]+)", lambda found: known[found.group(1)], word) for word in words]
    method, path, headers, body = "GET", "", {}, ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _colon, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(rest)
        elif word == "--data-binary":
            body = FILES[next(rest).removeprefix("@")]
        else:
            path = word
    kind = headers.pop("Content-Type", "application/json")
    return path, Client().generic(method, path, body.encode(), content_type=kind, headers=headers)


def test_the_examples_of_the_guide_work():
    known = {"SITE": "", "KEY": made_key().token}
    sent = []
    for words in examples():
        path, answer = send(words, known)
        assert answer.status_code in {200, 201}, (path, answer.content)
        sent.append(path)
        if path == "/api/v1/customers":
            known["CUSTOMER"] = answer.json()["id"]
            read = Client().get(f"{path}/{known['CUSTOMER']}", headers={"Authorization": f"Bearer {known['KEY']}"})
            known["ETAG"] = read.headers["ETag"]
        elif path.endswith("/bulk"):
            lines = b"".join(answer.streaming_content).splitlines()
            assert [json.loads(line)["outcome"] for line in lines] == ["created"] * 3
        elif path.endswith("/search"):
            assert len(answer.json()["data"]) == 1, path
    assert sent.count("/api/v1/purchases") == 2
    assert {"/api/v1/products", "/api/v1/customers", "/api/v1/purchases/bulk", "/api/v1/customers/search"} <= set(sent)
