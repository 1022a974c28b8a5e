"""The plain list of customers: Shouyue's own columns, of which all but the number may be missing."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shouyue.customers.people.rules import birthdays, people
from shouyue.customers.people.rules.people import Known
from shouyue.kernel import cells
from shouyue.kernel.cells import Cell, CellPlan, RowRejectedError
from shouyue.kernel.ids import keyed_text, source_namespace

SOURCE, FILE = "plain", "customers"
COLUMNS = ("customer_no",)
NO_GROUP = "00000000-0000-0000-0000-000000000000"

_Staged = tuple[str, str, list[object]]


class PlainCustomerReader:
    """Reads customers.csv; zone: of the day that a list says it is right at."""

    def __init__(self, zone: str) -> None:
        self._zone = zone
        self._namespace = source_namespace(f"{SOURCE}:customer")

    def parser(self, file: str, columns: Sequence[str]) -> Callable[[Sequence[object]], _Staged]:
        """Parser of a row: (customer id, no group, staged content). Raises RowRejectedError."""
        del file
        parsers = {
            "customer_no": cells.key(80),
            "country": cells.text(60, required=False),
            "region": cells.text(60, required=False),
            "city": cells.text(80, required=False),
            "name": people.words_cell(people.NAME_MAX),
            "title": people.title_cell,
            "phone": people.phones_cell,
            "email": people.emails_cell,
            "address": people.words_cell(people.ADDRESS_MAX),
            "birthday": people.birthday_cell,
            "as_of": self._as_of,
            "wechat": people.wechats_cell,
            "card": people.cards_cell,
            "lunar_birthday": birthdays.lunar_cell,
        }
        plan = CellPlan(parsers, columns)

        def parse(row: Sequence[object]) -> _Staged:
            content = plan.read(row)
            if content[9] and content[13] and content[9] != content[13]:
                raise RowRejectedError("birthdays_differ", "lunar_birthday")
            return keyed_text(self._namespace, content[0]), NO_GROUP, content

        return parse

    def _as_of(self, cell: Cell) -> str:
        """The end of the day, as ISO text; "" for none. Reasons: not_day."""
        day = people.birthday_cell(cell)
        return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self._zone)).isoformat() if day else ""


def told_by(content: Sequence[object]) -> tuple[tuple[str, str, str, str], Known, datetime | None]:
    """(number, country, region, city), what is told of the person, and as of when, from staged content."""
    number, country, region, city, name, title, phones, emails, address, born_on, as_of, *more = content
    # Rows that a version before staged say nothing of these.
    wechats, cards, lunar = more or ((), (), None)
    born = lunar or born_on
    known = Known(
        name=str(name),
        title=str(title),
        phones=tuple(phones),  # type: ignore[arg-type] # staged list
        emails=tuple(emails),  # type: ignore[arg-type] # staged list
        address=str(address),
        born_on=date.fromisoformat(str(born)) if born else None,
        wechats=tuple(wechats),  # type: ignore[arg-type] # staged list
        cards=tuple(cards),  # type: ignore[arg-type] # staged list
        calendar=people.LUNAR if lunar else "",
    )
    right_at = datetime.fromisoformat(str(as_of)) if as_of else None
    return (str(number), str(country), str(region), str(city)), known, right_at
