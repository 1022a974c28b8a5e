"""The demo's accounts: one person of each party and an auditor, with passwords made for this home."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

_PEOPLE = (
    ("甲方经理 / Party A", "lin@party-a.example", "林知夏", "a"),
    ("乙方顾问 / Party B", "zhou@party-b.example", "周远", "b"),
    ("审计 / auditor", "shen@auditor.example", "沈衡", "auditor"),
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account that the start prints."""

    role: str
    email: str
    name: str
    party: str
    password: str


def read(home: Path) -> list[DemoAccount]:
    """The accounts of this home; their passwords are made at the first call and kept for its owner only."""
    path = home / "demo-accounts.json"
    if not path.exists():
        made = [DemoAccount(*person, password=secrets.token_urlsafe(9)) for person in _PEOPLE]
        home.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps([asdict(one) for one in made], ensure_ascii=False), encoding="utf-8")
    return [DemoAccount(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
