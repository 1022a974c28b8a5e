"""Declaring jobs: a room's `jobs.py` says what can run in the background, under which name and how patiently."""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from shouyue.store.jobs.handle import Handle

JobFunction = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Job:
    """A declared job. See `job` for what the fields mean."""

    name: str
    title: str | Promise
    function: JobFunction
    retries: int
    backoff_seconds: float
    schedule: str | None
    is_alone: bool

    def run(self, handle: Handle) -> None:
        """Call the function with the run's arguments."""
        self.function(handle, **handle.arguments)

    def fitting(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments as JSON keeps them. Raises TypeError if the function does not take them or JSON cannot."""
        inspect.signature(self.function).bind(None, **arguments)
        plain: dict[str, Any] = json.loads(json.dumps(arguments))
        return plain


_jobs: dict[str, Job] = {}


class JobNameTakenError(Exception):
    """Two functions want to be the same job."""


def job(
    *,
    name: str,
    title: str | Promise,
    retries: int = 0,
    backoff_seconds: float = 5.0,
    schedule: str | None = None,
    is_alone: bool = False,
) -> Callable[[JobFunction], Job]:
    """Declare the decorated function as a job; it is called with a `Handle` and the run's arguments as keywords.

    name: "<room>.<verb>_<noun>", kept for ever: runs are stored under it. title: for the page, lazy.
    retries: how often it is tried again after an error, first after `backoff_seconds`, then twice as long each time,
    at most ten minutes. A killed worker or a lost database is no error of the job and does not count.
    schedule: five cron fields in the installation's time zone; then the function takes no arguments.
    is_alone: no two runs of this job at once.
    The function's contract is in `store.jobs.handle`.
    """

    def declare(function: JobFunction) -> Job:
        known = _jobs.get(name)
        if known and (known.function.__module__, known.function.__qualname__) != (
            function.__module__,
            function.__qualname__,
        ):
            raise JobNameTakenError(name)
        declared = Job(name, title, function, retries, backoff_seconds, schedule, is_alone)
        if schedule is not None:
            declared.fitting({})
        _jobs[name] = declared
        return declared

    return declare


def declared_job(name: str) -> Job | None:
    """The job of that name, or None when this version of the code has none."""
    return _jobs.get(name)


def scheduled_jobs() -> list[Job]:
    """Every job with a schedule, by name."""
    return sorted((one for one in _jobs.values() if one.schedule), key=lambda one: one.name)
