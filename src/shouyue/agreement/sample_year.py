"""A year that two invented parties live through, so that a demo's pages show what they are for."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from shouyue.agreement.claims.public import ClaimWords, answer_claim, claim_breach
from shouyue.agreement.disclosures.public import Owed, disclosures_of, note_disclosure, tell
from shouyue.agreement.filings.public import Done, due_days, file_duty
from shouyue.agreement.plans.public import (
    Delivered,
    PlannedMeasure,
    confirm_plan,
    deliver,
    improvements,
    plan_of,
    propose_plan,
)
from shouyue.agreement.terms.public import Agreement
from shouyue.store.models import Staff

# Of the dated duties one in nine was done late, and one in eleven not at all.
_LATE_EVERY, _MISSED_EVERY, _LATE_DAYS = 9, 11, 4
_GOALS = {
    1: "全年满意度不低于 90%；投诉两个工作日内首次答复；客户档案每半年核实一遍。",
    2: "忠诚度不低于 80%；老客复购率逐季提高；每位会员生日当天收到问候。",
}
# title, clause, owner, first and last month, what shows it, budget in yuan, days from the due day to the delivery.
_PLANS: dict[int, tuple[tuple[str, str, str, int, int, str, int, int], ...]] = {
    1: (
        ("客户信息管理系统上线", "4.1", "a", 1, 2, "门店与线上档案合并为一套", 180_000, -9),
        ("投诉热线与工单流程", "4.4", "a", 1, 3, "两个工作日内首次答复", 60_000, -2),
        ("季度满意度调查", "4.3", "a", 4, 6, "抽样 1,000 人，回复率公布", 40_000, -5),
        ("档案核实活动", "4.1", "both", 5, 8, "半年内核实不低于 80%", 30_000, 6),
        ("按调查结果调整门店服务", "4.3", "a", 7, 9, "问题最多的三项有改进记录", 50_000, -1),
        ("全年客户需求分析", "4.2", "a", 10, 12, "分群与方案书面提交", 20_000, -3),
    ),
    2: (
        ("会员等级与权益发布", "5.1", "b", 1, 3, "规则公布，会员可查", 80_000, -4),
        ("老客推荐活动", "5.1", "b", 4, 6, "推荐带来的新客可计数", 70_000, 3),
        ("分群优惠与市场对照", "5.2", "b", 4, 9, "发布前有对照记录", 120_000, -2),
        ("高端客户专属顾问", "5.3", "b", 6, 9, "四个工作小时内答复", 90_000, -6),
        ("生日与节日问候", "5.4", "b", 1, 12, "当日送达不低于 99%", 45_000, -1),
    ),
}
_FACTS = (
    ("a", "门店收银系统升级，9 小时内的订单延迟入库。", 40, 2),
    ("b", "客服外包团队负责人更换。", 75, 12),
    ("a", "仓库搬迁，预计两周内发货变慢。", 3, None),
)
# Always between the two closed waves of loyalty that a demo has.
_ANSWERED_AGO = timedelta(days=162)
_EVIDENCE = "https://files.party.example/"


@transaction.atomic
def live_a_year(agreement: Agreement, *, a: Staff, b: Staff, until: date) -> bool:
    """Fill the agreement with plans, deliveries, filings, disclosures and one claim up to a day, once.

    a, b: one person of each party. Returns whether anything was written.
    """
    plan = plan_of(agreement, 1, on=until)
    if plan is None or plan.versions:
        return False
    day_at = _clock(agreement)
    people = {"a": a, "b": b}
    _live_by_plans(agreement, people, until, day_at)
    _file_duties(agreement, people, until, day_at)
    _tell_facts(agreement, people, until, day_at)
    _claim(agreement, people, until, day_at)
    return True


def _clock(agreement: Agreement) -> Callable[[date], datetime]:
    zone = ZoneInfo(agreement.zone)
    return lambda day: datetime.combine(day, time(10), zone)


def _id(agreement: Agreement, name: str) -> UUID:
    return uuid5(agreement.pk, name)


def _live_by_plans(
    agreement: Agreement, people: dict[str, Staff], until: date, day_at: Callable[[date], datetime]
) -> None:
    for annex, rows in _PLANS.items():
        measures = [
            PlannedMeasure(
                key=f"annex-{annex}-{place}",
                title=title,
                clause=clause,
                owner=owner,
                first_month=first,
                last_month=min(last, agreement.months),
                goal=goal,
                budget_fen=yuan * 100,
            )
            for place, (title, clause, owner, first, last, goal, yuan, _shift) in enumerate(rows, start=1)
        ]
        answering = _answering(agreement, until) if annex == 2 else None
        measures += [answering] if answering else []
        writer, other = (people["a"], people["b"]) if annex == 1 else (people["b"], people["a"])
        signed = day_at(agreement.starts_on)
        propose_plan(agreement, annex, measures, goals=_GOALS[annex], after_version=0, by=writer, at=signed)
        confirm_plan(agreement, annex, 1, by=other, at=signed + timedelta(days=2))
        view = plan_of(agreement, annex, on=until)
        shifts = {f"annex-{annex}-{place}": row[-1] for place, row in enumerate(rows, start=1)}
        for planned in view.measures if view else ():
            shift = shifts.get(planned.measure.key)
            done_on = until - _ANSWERED_AGO if shift is None else planned.due_on + timedelta(days=shift)
            if done_on <= until:
                said = Delivered(
                    id=_id(agreement, planned.measure.key),
                    annex=annex,
                    key=planned.measure.key,
                    done_on=done_on,
                    what=f"{planned.measure.title}：已完成并书面确认。",
                    evidence=f"{_EVIDENCE}{planned.measure.key}",
                )
                owner = "a" if planned.measure.owner == "both" else planned.measure.owner
                deliver(agreement, said, by=people[owner], at=day_at(done_on))


def _answering(agreement: Agreement, until: date) -> PlannedMeasure | None:
    """The measure that answers the oldest survey there is; None where nothing was asked."""
    found = [one.key for one in improvements.choices() if one.key.endswith(":all:")]
    month = agreement.contract_month(until - _ANSWERED_AGO)
    if not found or month is None:
        return None
    return PlannedMeasure(
        key="annex-2-answering",
        title="老客回访与推荐礼遇",
        clause="5.1",
        owner="b",
        first_month=month,
        last_month=month,
        goal="下一季愿再次购买并推荐的比例",
        budget_fen=3_000_000,
        answers=found[-1],
    )


def _file_duties(
    agreement: Agreement, people: dict[str, Staff], until: date, day_at: Callable[[date], datetime]
) -> None:
    past = [day for day in due_days(agreement, on=until) if day.due_on < until - timedelta(days=_LATE_DAYS)]
    for place, due in enumerate(past, start=1):
        if place % _MISSED_EVERY == 0:
            continue
        shift = _LATE_DAYS if place % _LATE_EVERY == 0 else -3
        done_on = max(due.due_on + timedelta(days=shift), due.started_on)
        said = Done(
            id=_id(agreement, due.key),
            code=due.code,
            due_on=due.due_on,
            done_on=done_on,
            what=f"{due.title}：报告已提交，双方已阅。",
            evidence=f"{_EVIDENCE}{due.code}",
        )
        owner = "a" if due.owner == "both" else due.owner
        file_duty(agreement, said, by=people[owner], at=day_at(done_on))


def _tell_facts(
    agreement: Agreement, people: dict[str, Staff], until: date, day_at: Callable[[date], datetime]
) -> None:
    for place, (owed_by, fact, days_ago, told_after) in enumerate(_FACTS, start=1):
        known_on = max(until - timedelta(days=days_ago), agreement.starts_on)
        owed = Owed(id=_id(agreement, f"fact-{place}"), owed_by=owed_by, fact=fact, known_on=known_on)
        row = note_disclosure(agreement, owed, by=people[owed_by], at=day_at(known_on))
        if told_after is not None and known_on + timedelta(days=told_after) <= until:
            tell(row.pk, text=fact, by=people[owed_by], at=day_at(known_on + timedelta(days=told_after)))


def _claim(agreement: Agreement, people: dict[str, Staff], until: date, day_at: Callable[[date], datetime]) -> None:
    """Party A claims against B, on the fact that B told late; B contests."""
    late = next((one for one in disclosures_of(agreement, on=until) if one.row.owed_by == "b" and one.days_late), None)
    if late is None or late.told is None:
        return
    said = ClaimWords(
        id=_id(agreement, "claim"),
        ground="8.1(3)",
        result_id=None,
        duties=[],
        disclosure_id=late.row.pk,
        argument="负责人更换十二天后才告知，期间三起升级投诉无人跟进。",
        wanted="今后更换关键人员须提前告知，并补交三起投诉的处理记录。",
    )
    noticed = late.told.told_on + timedelta(days=3)
    if noticed + timedelta(days=6) > until:
        return
    claim = claim_breach(agreement, said, by=people["a"], at=day_at(noticed))
    answer_claim(
        claim.pk,
        "contest",
        step_id=_id(agreement, "claim-answer"),
        text="更换当日已在周会口头告知，会议纪要见附件；三起投诉已于次日结案。",
        evidence=f"{_EVIDENCE}minutes",
        by=people["b"],
        at=day_at(noticed + timedelta(days=6)),
    )
