"""`./shouyue check`: the steps that CI runs, one line each, going on after a failure and summing up at the end."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from shouyue.main import needs, translate

ROOT = needs.CHECKOUT
_BIN = Path(sys.executable).parent
_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|deselected|xfailed|left out)")
USAGE = "usage: ./shouyue check [--quick | --deep | --ci] [STEP | FILE]…\nsteps: "


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run of check does."""

    mode: str = ""
    files: tuple[str, ...] = ()
    absent: tuple[needs.Need, ...] = ()

    @property
    def without(self) -> list[str]:
        """The kinds of tests to leave out, as tests/needs.py names them."""
        return ["database", "browser", "shared"] if self.mode == "--quick" else [need.name for need in self.absent]


@dataclass(frozen=True, slots=True)
class Result:
    """How a step ended. `text` is shown when it failed; `passed` and `failed` count what the step counts."""

    ok: bool
    text: str = ""
    note: str = ""
    passed: int | None = None
    failed: int | None = None

    @property
    def counts(self) -> tuple[int, int]:
        """(passed, failed); a step that counts nothing is one check. A failed step has at least one failure."""
        if self.passed is None:
            return (1, 0) if self.ok else (0, 1)
        return self.passed, max(self.failed or 0, 0 if self.ok else 1)


@dataclass(slots=True)
class Summary:
    """The lines at the end."""

    lines: list[str] = field(default_factory=list)
    passed: int = 0
    failed: int = 0

    def add(self, name: str, result: Result, seconds: float) -> str:
        passed, failed = result.counts
        self.passed, self.failed = self.passed + passed, self.failed + failed
        line = f"{'ok  ' if result.ok else 'FAIL'}  {name:<11}{seconds:7.1f} s  {result.note}".rstrip()
        self.lines.append(line)
        return line


def run_check(words: list[str]) -> int:
    """Run the steps that `words` ask for. Returns 0, 1 when a step failed, 2 when the words mean nothing."""
    modes = [word for word in words if word in {"--quick", "--deep", "--ci"}]
    rest = [word for word in words if word not in modes]
    files = tuple(word for word in rest if word not in STEPS)
    if len(modes) > 1 or any(not (ROOT / name.split("::")[0]).exists() for name in files):
        _say(USAGE + " ".join(STEPS))
        return 2
    mode = modes[0] if modes else ""
    chosen = [name for name in STEPS if name in rest or (files and name == "tests")] or list(STEPS)
    needs_matter = mode != "--quick" and not {"needs", "tests", "cases"}.isdisjoint(chosen)
    plan = Plan(mode, files, tuple(needs.absent()) if needs_matter else ())
    return _run_steps(plan, chosen)


def _run_steps(plan: Plan, chosen: list[str]) -> int:
    os.chdir(ROOT)
    summary = Summary()
    for name in chosen:
        started = time.monotonic()
        result = STEPS[name](plan)
        if result is None:
            continue
        line = summary.add(name, result, time.monotonic() - started)
        _say(line if result.ok else f"{line}\n{result.text}".rstrip())
    _say("", *summary.lines)
    for need in plan.absent:
        _say(f"Left out: tests that need {need.what}. To run them: {need.remedy}")
    _say(f"{summary.passed} passed, {summary.failed} failed")
    return 1 if summary.failed else 0


def _needs(plan: Plan) -> Result | None:
    """CI leaves nothing out: what is missing is a failure of its own."""
    if plan.mode != "--ci":
        return None
    missing = [f"missing: {need.what}; {need.remedy}" for need in plan.absent]
    return Result(not missing, "\n".join(missing), note="nothing is left out" if not missing else "")


def _format(_plan: Plan) -> Result:
    return _tool("ruff", "format", "--check", "--quiet", ".")


def _lint(_plan: Plan) -> Result:
    return _tool("ruff", "check", "--quiet", ".")


def _types(_plan: Plan) -> Result:
    return _tool("mypy")


def _imports(_plan: Plan) -> Result:
    return _tool("lint-imports", "--no-logo")


def _migrations(_plan: Plan) -> Result:
    problems = unwritten_migrations()
    return Result(not problems, "\n".join(problems))


def _catalogue(_plan: Plan) -> Result:
    try:
        problems = translate.catalogue_problems()
    except translate.CatalogueError as wrong:
        problems = [str(wrong)]
    return Result(not problems, "\n".join(problems))


def _tests(plan: Plan) -> Result:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.needs"]
    command += [f"--without={kind}" for kind in plan.without]
    if plan.mode == "--deep":
        command += ["-o", "python_files=test_*.py deep_*.py"]
    command += plan.files or ["-n", str(max(2, min(os.cpu_count() or 2, 8))), "--dist", "worksteal"]
    code, lines = _stream(command)
    counts = _counted(lines)
    left_out = sum(counts.get(kind, 0) for kind in ("skipped", "deselected", "left out"))
    complaint = f"{left_out} tests did not run, and CI leaves none out" if plan.mode == "--ci" and left_out else ""
    return Result(
        code == 0 and not complaint,
        complaint,
        note=", ".join(f"{number} {kind}" for kind, number in counts.items()) or "no tests ran",
        passed=counts.get("passed", 0),
        failed=counts.get("failed", 0) + counts.get("error", 0) + counts.get("errors", 0),
    )


def _cases(plan: Plan) -> Result | None:
    """The published cases of the kinds that the rooms serve, through the product's public rules."""
    runner, files = ROOT / "tests" / "cases" / "run.py", needs.case_files()
    if plan.mode == "--quick" or not files:
        return None
    code, lines = _stream([sys.executable, str(runner), "--served", *map(str, files)])
    counts = _counted(lines)
    passed, failed = counts.get("passed", 0), counts.get("failed", 0)
    ok = code == 0 and passed > 0 and not failed
    return Result(ok, note=f"{passed} passed, {failed} failed", passed=passed, failed=failed)


STEPS: dict[str, Callable[[Plan], Result | None]] = {
    "needs": _needs,
    "format": _format,
    "lint": _lint,
    "types": _types,
    "imports": _imports,
    "migrations": _migrations,
    "catalogue": _catalogue,
    "tests": _tests,
    "cases": _cases,
}


def unwritten_migrations() -> list[str]:
    """A sentence for each change of our models that no migration has, and for each fork. Needs no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouyue.main.settings")
    import django
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.utils import translation

    django.setup()
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("shouyue.")}
    loader = MigrationLoader(None, ignore_no_migrations=True)
    forks = [
        f"{app}: the migrations fork: {', '.join(sorted(names))}" for app, names in loader.detect_conflicts().items()
    ]
    if forks:
        return forks
    with translation.override(None):  # Migrations hold the English names, whatever language is spoken here.
        found = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    return [
        f"{app}: no migration yet for: {step.describe()}"
        for app in sorted(ours & set(found))
        for migration in found[app]
        for step in migration.operations
    ]


def _tool(name: str, *words: str) -> Result:
    done = subprocess.run([str(_BIN / name), *words], capture_output=True, text=True, check=False)
    return Result(done.returncode == 0, done.stdout + done.stderr)


def _stream(command: list[str]) -> tuple[int, list[str]]:
    """Run with the output shown as it comes; returns the exit code and the lines."""
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            lines.append(line.rstrip())
    return process.returncode, lines


def _counted(lines: list[str]) -> dict[str, int]:
    """The numbers of the closing line, by kind, and of the lines that say what was left out."""
    closing = next((line for line in reversed(lines) if re.search(r"\d+ (passed|failed|error|deselected)", line)), "")
    counts = {kind: int(number) for number, kind in _COUNT.findall(closing)}
    left_out = sum(int(found[1]) for line in lines if (found := re.match(r"left out: (\d+) ", line)))
    return counts | ({"left out": left_out} if left_out else {})


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
