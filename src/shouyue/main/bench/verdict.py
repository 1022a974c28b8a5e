"""How often the agreed rule is wrong: quarters at exactly the target, through the rules that the product uses."""

from collections.abc import Iterator

from shouyue.kernel.shares import share_interval
from shouyue.main.bench.line import Line, line
from shouyue.surveys.public import TRIALS

_QUARTERS = 10_000


def measure_verdicts(rows: int | None) -> Iterator[Line]:
    """A line for each wrong verdict of each design. rows: quarters of each, default 10,000."""
    many = rows or _QUARTERS
    for trial in TRIALS:
        found = trial.verdicts(many)
        for wrong in trial.wrong:
            times = found.count(wrong)
            interval = share_interval(times, many, 0.95, "beta")
            yield line(
                "verdict",
                f"{trial.name}: false-{wrong} (95 % interval {interval.low:.4f} to {interval.high:.4f})",
                size=many,
                value=times / many,
                unit="share of quarters",
                bound=("<=", 0.05) if trial.is_judged else None,
            )
