"""Figures of anonymous waves: whatever is shown, a small cell cannot be worked out from it."""

from collections.abc import Mapping, Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from shouyue.surveys.estimates.rules.cells import CELL_MIN
from shouyue.surveys.questionnaires.rules.questions import Choice, Question
from shouyue.surveys.results.rules.sheltering import Sheltered, sheltered
from shouyue.surveys.results.rules.summaries import summarised

OVERALL = Question("overall", "satisfaction", "总体", "Overall", is_required=True)
WHY = Question(
    "why",
    "single",
    "原因",
    "Why",
    tuple(Choice(code, code, code) for code in "ab"),
    is_required=True,
    after="overall",
    least=1,
    most=3,
)
WORDS = Question("words", "text", "说明", "Words", after="overall", least=1, most=2)
PLACES = Question("places", "multi", "哪里", "Where", tuple(Choice(code, code, code) for code in "xyz"))


def told(counts: Mapping[int, int], *, reasons: Sequence[str] = ()) -> Sheltered:
    """What is shown of so many answers of each mark; of those up to 3 each gave a reason."""
    sheets: list[dict[str, object]] = [{"overall": mark} for mark, number in counts.items() for _one in range(number)]
    low = [sheet for sheet in sheets if int(str(sheet["overall"])) <= 3]
    for place, sheet in enumerate(low):
        sheet["why"] = reasons[place] if place < len(reasons) else "a"
    words = sum(number for mark, number in counts.items() if mark <= 2)
    found = summarised([OVERALL, WHY], sheets)
    return sheltered(found, outcome="overall", satisfied_from=4, texts=[(WORDS, words)])


def shown_cells(of: Sheltered) -> dict[int, int | None]:
    return {int(line.code): None if line.is_hidden else line.count for line in of.summaries[0].lines}


def known_sums(of: Sheltered, counts: Mapping[int, int]) -> list[tuple[range, int]]:
    """Sums over ranges of marks that a reader has beside the verdict's: of those who were led on."""
    sums: list[tuple[range, int]] = []
    if of.summaries[1].answers:
        sums.append((range(1, 4), of.summaries[1].answers))
    if "words" in of.texts:
        sums.append((range(1, 3), counts[1] + counts[2]))
    return sums


def could_be(of: Sheltered, counts: Mapping[int, int], side: range) -> list[dict[int, int]]:
    """Every table of these marks that agrees with what is shown; the verdict parts the satisfied from the others."""
    cells, most = shown_cells(of), sum(counts[mark] for mark in side)
    sums = [(marks, total) for marks, total in known_sums(of, counts) if set(marks) <= set(side)]
    sums.append((side, most))
    choices = [range(most + 1) if cells[mark] is None else [int(str(cells[mark]))] for mark in side]
    tables = [dict(zip(side, values, strict=True)) for values in product(*choices)]
    return [table for table in tables if all(sum(table[mark] for mark in marks) == total for marks, total in sums)]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(lambda counts: sum(counts) >= CELL_MIN))
def test_no_small_cell_follows_from_what_is_shown(numbers: list[int]) -> None:
    counts = dict(zip(range(1, 6), numbers, strict=True))
    of = told(counts)
    for side in (range(1, 4), range(4, 6)):
        tables = could_be(of, counts, side)
        assert {mark: counts[mark] for mark in side} in tables
        for mark in side:
            shown = shown_cells(of)[mark]
            assert shown is None or shown == 0 or shown >= CELL_MIN
            if shown is None and 0 < counts[mark] < CELL_MIN:
                assert len({table[mark] for table in tables}) > 1, (mark, counts)


def test_a_small_cell_takes_another_one_with_it_within_what_the_verdict_tells() -> None:
    of = told({1: 2, 2: 9, 3: 20, 4: 30, 5: 8})
    # 4 and 5 are counted as satisfied, so hiding 5 beside 1 would hide nothing.
    assert shown_cells(of) == {1: None, 2: None, 3: 20, 4: 30, 5: 8}
    assert of.summaries[0].mean is None
    assert (of.summaries[1].answers, of.texts) == (31, {"words"})


def test_a_question_asked_of_few_is_hidden_whole_and_tells_nothing_of_the_one_before() -> None:
    of = told({1: 0, 2: 3, 3: 0, 4: 30, 5: 30})
    assert (of.summaries[1].is_hidden, of.summaries[1].answers, of.texts) == (True, 0, set())
    # The verdict says that three are not satisfied; which mark they gave nothing says.
    assert shown_cells(of) == {1: None, 2: None, 3: None, 4: 30, 5: 30}
    nobody = told({1: 0, 2: 0, 3: 0, 4: 30, 5: 30})
    assert nobody.summaries[1].is_hidden


def test_a_number_that_would_split_a_hidden_pair_is_not_told() -> None:
    # Words are asked up to 2: their number would say how many gave 3.
    of = told({1: 6, 2: 6, 3: 2, 4: 30, 5: 30})
    assert shown_cells(of) == {1: None, 2: 6, 3: None, 4: 30, 5: 30} or shown_cells(of)[3] is None
    assert (of.summaries[1].answers, of.texts) == (14, set())


def test_choices_that_few_made_or_all_but_few_are_hidden() -> None:
    sheets = [{"places": ["x"] + (["y"] if place < 3 else []) + (["z"] if place < 12 else [])} for place in range(20)]
    of = sheltered(summarised([PLACES], sheets), outcome="", satisfied_from=4)
    assert [(line.code, line.is_hidden) for line in of.summaries[0].lines] == [("x", False), ("y", True), ("z", False)]
    assert not of.is_whole
    sheets[0]["places"] = ["z"]
    [places] = sheltered(summarised([PLACES], sheets), outcome="", satisfied_from=4).summaries
    assert [line.is_hidden for line in places.lines] == [True, True, False]


def test_what_is_large_enough_is_shown_as_it_is() -> None:
    of = told({1: 5, 2: 6, 3: 7, 4: 8, 5: 9}, reasons="aaaaaabbbbbb")
    assert (shown_cells(of), of.is_whole) == ({1: 5, 2: 6, 3: 7, 4: 8, 5: 9}, True)
    assert of.summaries[0].mean is not None
