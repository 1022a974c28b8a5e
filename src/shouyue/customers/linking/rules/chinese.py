"""The plan for people with Chinese names: what counts as agreement, and how often it is chance."""

from collections.abc import Mapping
from typing import Final

from shouyue.customers.linking.rules.features import Features, Name
from shouyue.customers.linking.rules.few import FEW
from shouyue.customers.linking.rules.plan import Comparison, Level, Plan, equal_pairs, known_pairs

# Columns of the table that is compared: those of the name, which many share, and those of the record.
NAME_COLUMNS: Final = ("full_name", "sound", "family", "first", "second", "mask", "masks", "is_short")
OWN_COLUMNS: Final = ("title", "phone", "phones", "tails", "has_masked_phone", "home", "born_on", "email")
SAME, SOUNDS, MASKED, ONE_OFF, SHORT, FAMILY, OTHER = "same", "sounds", "masked", "one_off", "short", "family", "other"
BOTH, PHONE, HOME = "both", "phone", "home"
SWAPPED, PART = "swapped", "part"

_FAMILIES: Final = equal_pairs("family")
_SHORT: Final = (
    "(SELECT coalesce(sum(short * (n - short) + short * (short - 1) / 2), 0) FROM (SELECT count(*)::double AS n, "
    "count(*) FILTER (is_short)::double AS short FROM people WHERE family IS NOT NULL AND mask IS NULL "
    "GROUP BY family))"
)
_MASKED: Final = (
    "(SELECT coalesce(sum(hidden * coalesce(whole, 0) + hidden * (hidden - 1) / 2), 0) FROM "
    "(SELECT mask, count(*)::double AS hidden FROM people WHERE mask IS NOT NULL GROUP BY mask) LEFT JOIN "
    "(SELECT unnest(masks) AS mask, count(*)::double AS whole FROM people GROUP BY 1) USING (mask))"
)
_THREE: Final = equal_pairs("family", "first", "second")
_SURNAME_KEPT: Final = (
    f"{equal_pairs('family', 'first', where='second IS NOT NULL')} + {equal_pairs('family', 'second')} - 2 * {_THREE}"
)
_ONE_OFF: Final = f"{_SURNAME_KEPT} + {equal_pairs('first', 'second')} - {_THREE}"
_SAME_SOUND: Final = equal_pairs("sound")

NAME: Final = Comparison(
    "name",
    missing="(l.family IS NULL AND l.mask IS NULL) OR (r.family IS NULL AND r.mask IS NULL)",
    compared=known_pairs("family IS NOT NULL OR mask IS NOT NULL"),
    levels=(
        Level(SAME, "l.full_name = r.full_name", equal_pairs("full_name"), frequent="full_name"),
        Level(SOUNDS, "l.sound = r.sound", f"{_SAME_SOUND} - {equal_pairs('full_name')}", frequent="sound"),
        Level(
            MASKED,
            "l.mask = r.mask OR list_contains(l.masks, r.mask) OR list_contains(r.masks, l.mask)",
            _MASKED,
        ),
        Level(
            ONE_OFF,
            "l.second IS NOT NULL AND r.second IS NOT NULL AND ((l.first = r.first AND l.second = r.second) OR "
            "(l.family = r.family AND (l.first = r.first OR l.second = r.second)))",
            _ONE_OFF,
        ),
        Level(
            SHORT, "l.family = r.family AND (l.is_short OR r.is_short) AND l.mask IS NULL AND r.mask IS NULL", _SHORT
        ),
        Level(FAMILY, "l.family = r.family", f"{_FAMILIES} - {_SAME_SOUND} - ({_SURNAME_KEPT}) - {_SHORT}"),
        Level(OTHER, "ELSE"),
    ),
)
_PHONES: Final = (
    "(SELECT count(*)::double FROM (SELECT DISTINCT l.unique_id, r.unique_id AS other FROM "
    "(SELECT unique_id, unnest(phones) AS one FROM people) l JOIN "
    "(SELECT unique_id, unnest(phones) AS one FROM people) r "
    "ON l.one = r.one AND l.unique_id < r.unique_id))"
)
_PHONES_AND_HOME: Final = (
    "(SELECT count(*)::double FROM (SELECT DISTINCT l.unique_id, r.unique_id AS other FROM "
    "(SELECT unique_id, home, unnest(phones) AS one FROM people WHERE home IS NOT NULL) l JOIN "
    "(SELECT unique_id, home, unnest(phones) AS one FROM people WHERE home IS NOT NULL) r "
    "ON l.one = r.one AND l.home = r.home AND l.unique_id < r.unique_id))"
)
_SAME_PHONE: Final = (
    "(l.phone = r.phone OR list_has_any(l.phones, r.phones) OR "
    "((l.has_masked_phone OR r.has_masked_phone) AND list_has_any(l.tails, r.tails)))"
)
_NO_CONTACT: Final = "(len(l.tails) = 0 OR len(r.tails) = 0) AND (l.home IS NULL OR r.home IS NULL)"
# A household shares phone and home and often the surname: one kind of evidence, not three.
CONTACT: Final = Comparison(
    "contact",
    missing=_NO_CONTACT,
    compared=known_pairs("len(tails) > 0 OR home IS NOT NULL"),
    levels=(
        Level(BOTH, f"{_SAME_PHONE} AND l.home = r.home", _PHONES_AND_HOME),
        Level(PHONE, _SAME_PHONE, f"{_PHONES} - {_PHONES_AND_HOME}"),
        Level(HOME, "l.home = r.home", f"{equal_pairs('home')} - {_PHONES_AND_HOME}"),
        Level(OTHER, "ELSE"),
    ),
)
_BORN: Final = ("born_year", "born_month", "born_day")
_BORN_SAME: Final = equal_pairs("born_on")
_SWAPPED: Final = (
    "(SELECT coalesce(sum(l.n * r.n) / 2, 0) FROM "
    "(SELECT born_year, born_month, born_day, count(*)::double AS n FROM people WHERE born_month <> born_day "
    "GROUP BY ALL) l JOIN (SELECT born_year, born_month, born_day, count(*)::double AS n FROM people GROUP BY ALL) r "
    "ON l.born_year = r.born_year AND l.born_month = r.born_day AND l.born_day = r.born_month)"
)
_PART: Final = (
    f"{equal_pairs('born_year', 'born_month')} + {equal_pairs('born_year', 'born_day')} "
    f"+ {equal_pairs('born_month', 'born_day')} - 3 * {_BORN_SAME}"
)
BORN: Final = Comparison(
    "born",
    missing="l.born_on IS NULL OR r.born_on IS NULL",
    compared=known_pairs("born_on IS NOT NULL"),
    levels=(
        Level(SAME, "l.born_on = r.born_on", _BORN_SAME, frequent="born_on"),
        Level(
            SWAPPED,
            "l.born_year = r.born_year AND l.born_month = r.born_day AND l.born_day = r.born_month",
            _SWAPPED,
        ),
        Level(
            PART,
            "(l.born_year = r.born_year)::int + (l.born_month = r.born_month)::int "
            "+ (l.born_day = r.born_day)::int = 2",
            _PART,
        ),
        Level(OTHER, "ELSE"),
    ),
)
EMAIL: Final = Comparison(
    "email",
    missing="l.email IS NULL OR r.email IS NULL",
    compared=known_pairs("email IS NOT NULL"),
    levels=(Level(SAME, "l.email = r.email", equal_pairs("email")), Level(OTHER, "ELSE")),
)
TITLE: Final = Comparison(
    "title",
    missing="l.title IS NULL OR r.title IS NULL",
    compared=known_pairs("title IS NOT NULL"),
    levels=(Level(SAME, "l.title = r.title", equal_pairs("title")), Level(OTHER, "ELSE")),
)

CHINESE: Final = Plan(
    comparisons=(NAME, CONTACT, BORN, EMAIL, TITLE),
    blocks=(
        ("home",),
        ("email",),
        ("sound", "born_year"),
        ("sound", "born_month", "born_day"),
        ("family", "born_on"),
    ),
    exploded=("tails",),
    few=FEW,
    shared=("phone", "home"),
    shared_lists=("phones", "tails"),
    learned_in=(("phone", "born_on"), ("home", "born_on"), ("full_name", "born_on"), ("full_name", "phone")),
    certain=(("sound", "born_on"), ("full_name", "phone"), ("phone", "born_on"), ("full_name", "home")),
)


def name_values(name: Name) -> tuple[object, ...]:
    """Values in the order of NAME_COLUMNS; None for what is not known."""
    return (
        *(name.full or None, name.sound or None, name.family or None, name.first or None, name.second or None),
        *(name.mask or None, name.masks, name.is_short),
    )


def own_values(one: Features) -> tuple[object, ...]:
    """Values in the order of OWN_COLUMNS; None for what is not known."""
    return (
        *(one.title or None, one.phones[0] if one.phones else None, one.phones, one.tails, one.has_masked_phone),
        *(one.home or None, one.born_on, one.emails[0] if one.emails else None),
    )


def is_enough(levels: Mapping[str, str]) -> bool:
    """Whether these agreements may make one person of two records, however likely: a phone or a home alone may not.

    levels: by comparison, what agreed; "" for nothing to compare. The name must agree, or the day of birth.
    """
    has_name = levels["name"] in {SAME, SOUNDS, MASKED, ONE_OFF, SHORT}
    has_day = levels["born"] == SAME
    has_contact = levels["contact"] in {BOTH, PHONE, HOME} or levels["email"] == SAME
    has_some_day = has_day or levels["born"] in {SWAPPED, PART}
    return (has_name and (has_contact or has_some_day)) or (has_day and has_contact)
