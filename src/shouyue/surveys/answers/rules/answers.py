"""Files of answers: Olist's reviews and Shouyue's own columns, row by row."""

from collections.abc import Callable, Sequence
from datetime import date

from shouyue.kernel import cells
from shouyue.kernel.cells import CellPlan, RowRejectedError
from shouyue.kernel.ids import keyed_id, source_namespace
from shouyue.purchases.incoming.rules import olist, plain
from shouyue.purchases.orders.rules.drafts import Identities

REVIEWS, ANSWERS = "reviews", "answers"
REVIEW_COLUMNS = ("review_id", "order_id", "review_score", "review_creation_date", "review_answer_timestamp")
ANSWER_COLUMNS = ("answer_no", "customer_no", "asked_on", "answered_at", "score")
_SCALE_MAX = 5
# What the answers' own step needs of the purchases that they point at.
OLIST_SOURCE, PLAIN_SOURCE = olist.SOURCE, plain.SOURCE
OLIST_CUSTOMERS, OLIST_CUSTOMER_COLUMNS = olist.CUSTOMERS, olist.CUSTOMER_COLUMNS
OLIST_ORDERS, OLIST_ORDER_COLUMNS = olist.ORDERS, olist.ORDER_COLUMNS

# What is staged: id, score (0: asked, no answer), day asked, moment answered (UTC text), order id ("": none).
Content = list[object]
_Staged = tuple[str, str, Content]
_Parser = Callable[[Sequence[object]], _Staged | None]


class OlistReviewReader:
    """Reads customers and orders to find whose review it is, then the reviews. One answer is one review row."""

    def __init__(self, zone: str) -> None:
        self._orders = olist.OlistReader(zone)
        self._moment = cells.local_moment(zone)
        self._ids = Identities(olist.SOURCE)
        self._namespace = source_namespace(f"{olist.SOURCE} reviews")

    def parser(self, file: str, columns: Sequence[str]) -> _Parser:
        """Parser of a row of one of the files; the rows of customers and orders only teach who ordered."""
        if file == REVIEWS:
            return self._reviews(columns)
        learn = self._orders.parser(file, columns)

        def parse(row: Sequence[object]) -> None:
            learn(row)

        return parse

    def _reviews(self, columns: Sequence[str]) -> _Parser:
        parsers = (cells.key(80), cells.key(80), cells.whole, _day, self._moment)
        plan = CellPlan(dict(zip(REVIEW_COLUMNS, parsers, strict=True)), columns)

        def parse(row: Sequence[object]) -> _Staged:
            review_id, order_no, score, asked_on, answered_at = plan.read(row)
            _check_score(score, "review_score")
            customer = self._ids.customer(self._orders.buyer_of(order_no))
            # One review may speak of several orders, and one order may have several reviews.
            answer = str(keyed_id(self._namespace, f"{review_id} {order_no}"))
            return customer, answer, [answer, score, asked_on, answered_at, self._ids.order(order_no)]

        return parse


class PlainAnswerReader:
    """Reads answers in Shouyue's own columns; an empty score is a person who was asked and did not answer."""

    def __init__(self, zone: str) -> None:
        self._moment = cells.local_moment(zone)
        self._ids = Identities(plain.SOURCE)
        self._namespace = source_namespace(f"{plain.SOURCE} answers")

    def parser(self, file: str, columns: Sequence[str]) -> _Parser:
        """Parser of a row of the one file."""
        del file
        parsers = {
            "answer_no": cells.key(80),
            "customer_no": cells.key(80),
            "order_no": cells.key(80, required=False),
            "asked_on": _day,
            "answered_at": _unless_empty(self._moment),
            "score": _unless_empty(cells.whole),
        }
        plan = CellPlan(parsers, columns)

        def parse(row: Sequence[object]) -> _Staged:
            number, customer_no, order_no, asked_on, answered_at, score = plan.read(row)
            if score is not None:
                _check_score(score, "score")
                if answered_at is None:
                    raise RowRejectedError("missing", "answered_at")
            answer = str(keyed_id(self._namespace, number))
            order = self._ids.order(order_no) if order_no else ""
            return self._ids.customer(customer_no), answer, [answer, score or 0, asked_on, answered_at or "", order]

        return parse


def _check_score(score: int, column: str) -> None:
    if not 1 <= score <= _SCALE_MAX:
        raise RowRejectedError("off_scale", column, score)


def _day(cell: object) -> str:
    """A calendar day as ISO text; a time of day behind it is left out."""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    found = str(cell or "").strip()
    if not found:
        raise cells.CellError("missing")
    try:
        return date.fromisoformat(found[:10]).isoformat()
    except ValueError:
        raise cells.CellError("not_day") from None


def _unless_empty(parse: Callable[[object], object]) -> Callable[[object], object]:
    def parse_or_none(cell: object) -> object:
        return None if cell is None or str(cell).strip() == "" else parse(cell)

    return parse_or_none
