"""Jobs: what runs in the background, with progress, cancellation, retries and schedules, whatever carries it out.

A room declares its jobs in its `jobs.py` and starts them with `enqueue` from an action; `store.jobs.handle` holds the
contract of a job function.
"""

from shouyue.store.jobs.declared import Job, declared_job, job
from shouyue.store.jobs.forgetting import forget_job_runs
from shouyue.store.jobs.handle import (
    Handle,
    JobCancelledError,
    JobFailedError,
)
from shouyue.store.jobs.runs import JobKeyTakenError, JobNotRepeatableError, cancel, enqueue, start_again

__all__ = [
    "Handle",
    "Job",
    "JobCancelledError",
    "JobFailedError",
    "JobKeyTakenError",
    "JobNotRepeatableError",
    "cancel",
    "declared_job",
    "enqueue",
    "forget_job_runs",
    "job",
    "start_again",
]
