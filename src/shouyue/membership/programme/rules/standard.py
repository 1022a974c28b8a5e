"""The programme that an installation begins with; staff change it and publish a version of their own."""

from typing import Any

_ALWAYS: dict[str, Any] = {
    "categories": [],
    "items": [],
    "channels": [],
    "first": None,
    "last": None,
    "cap": None,
    "budget": None,
}


def standard_content() -> dict[str, Any]:
    """Four tiers by the spend of a calendar year, one point a yuan, and what else a shop usually gives points for."""
    return {
        "tiers": {
            "steps": [
                {"name": "basic", "zh": "普卡", "en": "Basic", "minimum_fen": 0, "factor": "1"},
                {"name": "silver", "zh": "银卡", "en": "Silver", "minimum_fen": 100_000, "factor": "1.2"},
                {"name": "gold", "zh": "金卡", "en": "Gold", "minimum_fen": 500_000, "factor": "1.5"},
                {"name": "black", "zh": "黑金卡", "en": "Black", "minimum_fen": 2_000_000, "factor": "2"},
            ],
            "window": {"kind": "calendar", "months": 12, "grace_days": 30},
            "landing": "one_down",
            "measure": "spend",
            "notice_days": 30,
        },
        "earn": {
            "rules": [
                _fixed("first_purchase", 100),
                _fixed("birthday", 200),
                _fixed("review", 20),
                _fixed("survey", 50),
                _fixed("check_in", 1),
                _fixed("data_confirmed", 50),
                {"key": "base", "occasion": "purchase", "points": 1, "per_fen": 100, **_ALWAYS},
            ],
            "combination": "best",
            "cap_per_event": None,
        },
        "referral": {
            "event": "first_purchase",
            "rewarded": "both",
            "points": 200,
            "guards": ["device", "address", "payment"],
            "return_days": 14,
            "velocity_max": 10,
            "velocity_days": 30,
        },
        "benefits": _benefits(),
        "campaigns": [],
        "holdout": 0.1,
    }


def _fixed(occasion: str, points: int) -> dict[str, Any]:
    return {"key": occasion, "occasion": occasion, "points": points, "per_fen": 0, **_ALWAYS}


def _benefit(key: str, names: tuple[str, str], tiers: list[str], *, quota: int | None, period: str) -> dict[str, Any]:
    return {"key": key, "zh": names[0], "en": names[1], "tiers": tiers, "quota": quota, "period": period}


def _benefits() -> list[dict[str, Any]]:
    return [
        _benefit("free_delivery", ("免费配送", "Free delivery"), ["gold", "black"], quota=12, period="year"),
        _benefit("priority_counter", ("优先柜台", "Priority counter"), ["gold", "black"], quota=None, period="always"),
        _benefit("birthday_gift", ("生日礼", "Birthday gift"), ["silver", "gold", "black"], quota=1, period="year"),
        _benefit(
            "longer_returns",
            ("30 天退换", "Returns within 30 days"),
            ["silver", "gold", "black"],
            quota=None,
            period="always",
        ),
        _benefit("parking", ("免费停车 2 小时", "Two hours of parking"), ["black"], quota=4, period="month"),
    ]
