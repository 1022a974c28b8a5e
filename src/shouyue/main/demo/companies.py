"""Which company a folder of records belongs to: its mapping, and the agreement that its demo shows."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shouyue.agreement.public import AgreementTerms, PartyTerms
from shouyue.kernel.period import Quarter

_PARTY_B = PartyTerms(
    name="知行客户服务有限公司",
    legal_representative="周远",
    registered_address="江苏省苏州市姑苏区干将东路 178 号",
    phone="0512-0000 0002",
    email="office@party-b.example",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCompany:
    """A known kind of folder. marks: names of which one must be in the folder, in lower case, without .gz."""

    mapping: str
    marks: tuple[str, ...]
    number: str
    party_a: PartyTerms
    starts_on: date
    zone: str
    currency: str

    def is_in(self, folder: Path) -> bool:
        return any(path.name.lower().removesuffix(".gz") in self.marks for path in folder.iterdir())

    def terms(self, data_until: date | None) -> AgreementTerms:
        return AgreementTerms(
            number=self.number,
            party_a=self.party_a,
            party_b=_PARTY_B,
            starts_on=self.starts_on,
            zone=self.zone,
            currency=self.currency,
            data_until=data_until,
        )


ONLINE_RETAIL = DemoCompany(
    mapping="online_retail",
    marks=("online_retail.parquet", "online_retail.xlsx", "online_retail.csv"),
    number="SY-2011-001",
    party_a=PartyTerms(
        name="Online Retail（英国礼品零售商）",
        legal_representative="–",
        registered_address="United Kingdom",
        phone="",
        email="office@party-a.example",
    ),
    starts_on=date(2011, 1, 1),
    zone="Europe/London",
    currency="GBP",
)
OLIST = DemoCompany(
    mapping="olist",
    marks=("olist_orders_dataset.csv",),
    number="SY-2018-001",
    party_a=PartyTerms(
        name="Olist（巴西电商平台）",
        legal_representative="–",
        registered_address="Brasil",
        phone="",
        email="office@party-a.example",
    ),
    starts_on=date(2018, 1, 1),
    zone="America/Sao_Paulo",
    currency="BRL",
)


def generated(until: date) -> DemoCompany:
    """The generated store; its agreement began with the year of `until`."""
    return DemoCompany(
        mapping="plain",
        marks=("orders.csv",),
        number=f"SY-{until.year}-004",
        party_a=PartyTerms(
            name="云杉百货有限公司",
            legal_representative="林知夏",
            registered_address="江苏省苏州市工业园区星海街 200 号",
            phone="0512-0000 0001",
            email="office@party-a.example",
        ),
        starts_on=Quarter(until.year, 1).first_day,
        zone="Asia/Shanghai",
        currency="CNY",
    )


def company_of(folder: Path, today: date) -> DemoCompany | None:
    """The company whose files lie in the folder; None when no mapping knows them."""
    return next((one for one in (ONLINE_RETAIL, OLIST, generated(today)) if one.is_in(folder)), None)
