"""Budgets, and what a version says."""

from hypothesis import given
from hypothesis import strategies as st

from shouyue.membership.programme.rules.budget import Budget, BudgetKind, register, revert, would_apply
from shouyue.membership.programme.rules.content import base_of, faults, with_rule, without_rule
from shouyue.membership.programme.rules.standard import standard_content


@given(st.sampled_from(BudgetKind), st.integers(0, 500), st.lists(st.tuples(st.integers(1, 200), st.booleans())))
def test_a_budget_is_never_overdrawn_and_reverting_gives_back(kind, limit, uses):
    budget = Budget(kind, limit)
    for amount, is_same in uses:
        after = register(budget, amount, is_same_batch=is_same)
        assert (after is not None) is would_apply(budget, amount, is_same_batch=is_same)
        if after is not None:
            assert revert(after, amount, is_same_batch=is_same) == budget
            budget = after
        assert 0 <= budget.used <= limit


def test_a_budget_without_limit_takes_everything():
    assert would_apply(Budget(BudgetKind.SPEND, None), 10**9)
    assert Budget(BudgetKind.SPEND, None).left is None
    assert Budget(BudgetKind.SPEND, 10, 4).left == 6


def test_the_programme_that_an_installation_begins_with_can_be_published():
    content = standard_content()
    assert faults(content) == []
    base = base_of(content)
    assert (base.per_fen, base.points) == (100, 1)


def test_every_fault_of_a_content_is_named():
    content = standard_content()
    content["tiers"]["steps"][0]["minimum_fen"] = 100_000
    content["earn"]["rules"][0] |= {"points": 0, "first": "2026-02-01", "last": "2026-01-01"}
    content["earn"]["rules"][-1]["key"] = "else"
    content["benefits"][0]["tiers"] = ["platinum"]
    assert faults(content) == [
        "no_first_tier",
        "tiers_alike",
        "no_base_rule",
        "rule_without_points",
        "ends_before_it_begins",
        "benefit_of_no_tier",
    ]


def test_rules_are_added_changed_and_taken_out_but_the_base_stays_and_stays_last():
    content = standard_content()
    milk = {**content["earn"]["rules"][-1], "key": "milk", "items": ["M-1"], "points": 3}
    added = with_rule(content, milk)
    assert [one["key"] for one in added["earn"]["rules"]][-2:] == ["milk", "base"]
    assert with_rule(added, milk) == added
    both = with_rule(added, {**milk, "key": "tea", "items": ["*"]})
    assert [one["key"] for one in with_rule(both, {**milk, "points": 4})["earn"]["rules"]][-3:] == [
        "milk",
        "tea",
        "base",
    ]
    assert without_rule(added, "milk") == without_rule(content, "base") == content
