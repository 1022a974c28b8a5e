"""What the tests of waves start from: customers, a wish, the links of those who were drawn."""

from datetime import UTC, date, datetime

from shouyue.customers.models import Customer
from shouyue.surveys.waves.actions.opening import WaveWish
from shouyue.surveys.waves.models import Sheet, WavePlan
from shouyue.surveys.waves.rules.tokens import token_of

AT = datetime(2026, 5, 4, 2, tzinfo=UTC)
SEED = "ab" * 32


def wish(**changes) -> WaveWish:
    told = {"questionnaire": "customer_satisfaction", "wanted": 20, "closes_on": date(2026, 5, 25), "seed": SEED}
    return WaveWish(**{"zone": "Asia/Shanghai", **told, **changes})


def people(count: int, *, anonymous: int = 0) -> None:
    kinds = ["person"] * count + ["anonymous"] * anonymous
    Customer.objects.bulk_create(
        Customer(kind=kind, source="plain", source_key=f"C{n}", region="苏州" if n % 4 else "南京")
        for n, kind in enumerate(kinds)
    )


def tokens(plan: WavePlan) -> list[str]:
    return [
        token_of(plan.salt, one)
        for one in Sheet.objects.filter(wave=plan.wave).order_by("pk").values_list("id", flat=True)
    ]
