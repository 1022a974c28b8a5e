"""Splink on DuckDB, in memory alone: pairs of records that are likely one person, by a plan."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from shouyue.customers.linking.rules.chinese import NAME_COLUMNS, OWN_COLUMNS, name_values, own_values
from shouyue.customers.linking.rules.features import Features, Name
from shouyue.customers.linking.rules.few import Few
from shouyue.customers.linking.rules.plan import Comparison, Plan

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    from splink import Linker
    from splink.internals.blocking_rule_creator import BlockingRuleCreator

# What is less likely than this is not kept.
LEAST: Final = 0.05
_MEMORY: Final = "6GB"
_SHARED_MAX: Final = 50  # a number on more records than this is a hotline or a filler, and says nothing
_SAMPLED: Final = 1e6  # pairs, where a plan does not count chances from frequencies
_TYPES: Final = {
    "is_short": "bool_",
    "has_masked_phone": "bool_",
    "born_on": "date32",
}
_LISTS: Final = ("masks", "phones", "tails")
_ROWS: Final = 50_000
_U_LEAST: Final = 1e-12
_TRUE_SHARE: Final = 1e-4  # of all pairs: where learning begins


@dataclass(frozen=True, slots=True)
class Linked:
    """Two records that may be one person.

    levels: what agreed, by comparison; "" for nothing to compare. weights: what each comparison adds to the weight, in
    bits; the rest of the weight is how likely any two records are.
    """

    one: str
    other: str
    probability: float
    weight: float
    levels: Mapping[str, str]
    weights: Mapping[str, float] = field(default_factory=dict)


def table_of(people: Mapping[str, Features]) -> "pa.Table":
    """Features by id as the table that `link` takes with the plan for Chinese names."""
    import pyarrow as pa

    # A name is written once for all who share the object.
    places: dict[int, int] = {}
    names: list[Name] = []
    of_whom: list[int] = []
    for one in people.values():
        place = places.setdefault(id(one.name), len(names))
        if place == len(names):
            names.append(one.name)
        of_whom.append(place)
    named = _columns(NAME_COLUMNS, map(name_values, names)).take(pa.array(of_whom, pa.int32()))
    table = _columns(OWN_COLUMNS, map(own_values, people.values()))
    for column in named.column_names:
        table = table.append_column(column, named[column])
    return _with_birthdays(table.append_column("unique_id", pa.array(people, pa.string())))


def joined(tables: "Sequence[pa.Table]") -> "pa.Table":
    """Tables of batches as one. A batch that became a table need not stay as a million objects."""
    import pyarrow as pa

    return pa.concat_tables(tables) if tables else table_of({})


def link(people: "pa.Table", plan: Plan, *, other: "pa.Table | None" = None, least: float = LEAST) -> list[Linked]:
    """Pairs within one table, or between two. Tables have a column unique_id and those that the plan names.

    Nothing is written to disk: DuckDB has no folder to spill into, and fails when _MEMORY is not enough.
    least: the probability from which on a pair is kept; 0 keeps every pair that was looked at.
    """
    few = plan.few if plan.few and other is None and people.num_rows < plan.few.below else None
    with _database() as database:
        _fill(database, people, plan, other)
        linker = _linker(database, plan, few, is_between=other is not None)
        if few is None:
            _train(database, linker, plan, is_between=other is not None)
        table = linker.inference.predict(threshold_match_probability=least or None).physical_name
        return list(_linked(database, table, plan, is_adjusted=few is None))


def _columns(names: Sequence[str], rows: Iterable[tuple[object, ...]]) -> "pa.Table":
    """Rows as columns, a batch at a time, so that they are never there twice."""
    import pyarrow as pa

    schema = pa.schema([(name, _type(name)) for name in names])
    batches = []
    rest = iter(rows)
    while some := list(islice(rest, _ROWS)):
        columns = zip(*some, strict=True)
        batches.append(
            pa.record_batch(
                [pa.array(column, _type(name)) for name, column in zip(names, columns, strict=True)], schema
            )
        )
    return pa.Table.from_batches(batches, schema)


def _with_birthdays(table: "pa.Table") -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as pc

    for part in (pc.year, pc.month, pc.day):
        table = table.append_column(f"born_{part.__name__}", part(table["born_on"]).cast(pa.int16()))
    return table


def _type(column: str) -> "pa.DataType":
    import pyarrow as pa

    if column in _LISTS:
        return pa.list_(pa.string())
    made: pa.DataType = getattr(pa, _TYPES.get(column, "string"))()
    return made


@contextmanager
def _database() -> "Iterator[duckdb.DuckDBPyConnection]":
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": "",
        "memory_limit": _MEMORY,
        "preserve_insertion_order": "false",
    }
    database = duckdb.connect(":memory:", config=config)
    try:
        yield database
    finally:
        database.close()


def _fill(database: "duckdb.DuckDBPyConnection", people: "pa.Table", plan: Plan, other: "pa.Table | None") -> None:
    """What is compared as tables of the database, written once, without the values that too many records share."""
    database.register("told", people)
    kept, sources = [], ["told"]
    for column in (*plan.shared, *plan.shared_lists):
        is_list = column in plan.shared_lists
        one = f"unnest({column})" if is_list else column
        database.execute(_FILLERS.format(column=column, one=one, most=_SHARED_MAX))
        if not database.table(f"fillers_{column}").limit(1).fetchall():
            continue
        kept.append((_LIST_WITHOUT if is_list else _WITHOUT).format(column=column))
        if is_list:
            sources.append(_FILLERS_AS_LIST.format(column=column))
    without = f" REPLACE ({', '.join(kept)})" if kept else ""
    database.execute(_PEOPLE.format(without=without, sources=", ".join(sources)))
    if other is not None:
        database.register("told_other", other)
        database.execute("CREATE TABLE others AS SELECT * FROM told_other")


def _linker(database: "duckdb.DuckDBPyConnection", plan: Plan, few: Few | None, *, is_between: bool) -> "Linker":
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    api = DuckDBAPI(connection=database)
    tables = [api.register("people"), *([api.register("others")] if is_between else [])]
    settings = SettingsCreator(
        link_type="link_only" if is_between else "dedupe_only",
        comparisons=[_known(one, few) if few else _compared(database, one) for one in plan.comparisons],
        probability_two_random_records_match=few.true_share if few else _TRUE_SHARE,
        blocking_rules_to_generate_predictions=[
            *(block_on(*columns) for columns in plan.blocks),
            *(block_on(column, arrays_to_explode=[column]) for column in plan.exploded),
        ],
        retain_matching_columns=True,
        # What each comparison says: told on the page of a pair.
        retain_intermediate_calculation_columns=True,
    )
    return Linker(tables, settings, log_level=logging.ERROR, validate_settings=False)


def _known(one: Comparison, few: Few) -> dict[str, Any]:
    """With fixed chances. Values that a handful of people share are not frequent, so nothing is adjusted for that."""
    levels = [_nothing(one)]
    for level, chance in zip(one.levels, few.chances[one.name], strict=True):
        levels.append(
            {
                "sql_condition": _both_sides(level.condition),
                "label_for_charts": level.name,
                "m_probability": chance.among_true,
                "u_probability": chance.among_others,
            }
        )
    return {"output_column_name": one.name, "comparison_levels": levels}


def _nothing(one: Comparison) -> dict[str, Any]:
    return {"sql_condition": _both_sides(one.missing), "label_for_charts": "missing", "is_null_level": True}


def _compared(database: "duckdb.DuckDBPyConnection", one: Comparison) -> dict[str, Any]:
    levels = [_nothing(one)]
    chances = _chances(database, one) if one.compared else [None] * len(one.levels)
    for level, chance in zip(one.levels, chances, strict=True):
        made: dict[str, Any] = {"sql_condition": _both_sides(level.condition), "label_for_charts": level.name}
        if chance is not None:
            made |= {"u_probability": chance, "fix_u_probability": True}
        if level.frequent:
            made |= {"tf_adjustment_column": level.frequent, "tf_adjustment_weight": 1.0}
        levels.append(made)
    return {"output_column_name": one.name, "comparison_levels": levels}


def _chances(database: "duckdb.DuckDBPyConnection", one: Comparison) -> list[float | None]:
    """How often two different people agree so: counted from the frequencies of values, not sampled.

    Samples of pairs hold hardly any pair of equal values once there are a million records.
    """
    counted = ", ".join([one.compared, *(level.pairs for level in one.levels if level.pairs)])
    total, *pairs = database.execute(f"SELECT {counted}").fetchall()[0]
    shares = [max(count / total, _U_LEAST) if total else _U_LEAST for count in pairs]
    return [*shares, max(1 - sum(shares), _U_LEAST)]


def _train(database: "duckdb.DuckDBPyConnection", linker: "Linker", plan: Plan, *, is_between: bool) -> None:
    from splink import block_on

    certain: list[str | BlockingRuleCreator] = [block_on(*columns) for columns in plan.certain]
    linker.training.estimate_probability_two_random_records_match(certain, recall=plan.recall)
    if any(not one.compared for one in plan.comparisons):
        linker.training.estimate_u_using_random_sampling(max_pairs=_SAMPLED, seed=1)
    for columns in plan.learned_in:
        # A list without birthdays has no pair that agrees in them: asked to learn from none, the engine spoils its
        # settings. The levels keep what other blocks taught, or cautious defaults.
        if _has_pairs(database, columns, is_between=is_between):
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*columns), fix_probability_two_random_records_match=False
            )


def _has_pairs(database: "duckdb.DuckDBPyConnection", columns: Sequence[str], *, is_between: bool) -> bool:
    equal = " AND ".join(f"l.{column} = r.{column}" for column in columns)
    others = "others r ON true" if is_between else "people r ON l.unique_id < r.unique_id"
    found = database.execute(f"SELECT EXISTS (SELECT 1 FROM people l JOIN {others} AND {equal})")  # noqa: S608 names of our own tables and columns alone
    return bool(found.fetchall()[0][0])


def _linked(database: "duckdb.DuckDBPyConnection", table: str, plan: Plan, *, is_adjusted: bool) -> Iterator[Linked]:
    names = [one.name for one in plan.comparisons]
    told = {one.name: _names(one) for one in plan.comparisons}
    weights = [_weight(one, is_adjusted=is_adjusted) for one in plan.comparisons]
    columns = ", ".join([*(f"gamma_{name}" for name in names), *weights])
    found = database.execute(
        f"SELECT unique_id_l::text, unique_id_r::text, match_probability, match_weight, {columns} FROM {table}"  # noqa: S608 names of our own tables and columns alone
    )
    while rows := found.fetchmany(10_000):
        for one, other, probability, weight, *rest in rows:
            gammas, bits = rest[: len(names)], rest[len(names) :]
            levels = {name: told[name][gamma] for name, gamma in zip(names, gammas, strict=True)}
            yield Linked(one, other, probability, weight, levels, dict(zip(names, bits, strict=True)))


def _weight(one: Comparison, *, is_adjusted: bool) -> str:
    """SQL of what a comparison adds; a value that is rare among all adds more."""
    frequent = is_adjusted and any(level.frequent for level in one.levels)
    return f"mw_{one.name} + mw_tf_adj_{one.name}" if frequent else f"mw_{one.name}"


def _names(one: Comparison) -> dict[int, str]:
    """The engine counts levels from the last one, 0, upwards; -1 is nothing to compare."""
    return {-1: "", **{len(one.levels) - 1 - place: level.name for place, level in enumerate(one.levels)}}


def _both_sides(condition: str) -> str:
    """`l.name` as the engine writes it: `name_l`."""
    return re.sub(r"\b([lr])\.(\w+)", r"\2_\1", condition)


_FILLERS: Final = """
CREATE TABLE fillers_{column} AS
SELECT one FROM (SELECT {one} AS one FROM told) WHERE one IS NOT NULL GROUP BY one HAVING count(*) > {most}
"""
_PEOPLE: Final = "CREATE TABLE people AS SELECT told.*{without} FROM {sources}"
_WITHOUT: Final = "CASE WHEN {column} IN (SELECT one FROM fillers_{column}) THEN NULL ELSE {column} END AS {column}"
_FILLERS_AS_LIST: Final = "(SELECT list(one) AS {column}_fillers FROM fillers_{column})"
_LIST_WITHOUT: Final = "list_filter({column}, lambda one: NOT list_contains({column}_fillers, one)) AS {column}"
