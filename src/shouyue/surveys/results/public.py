"""The door of the results, inside the wing."""

from shouyue.surveys.results.queries.results import Result, result_of

__all__ = ["Result", "result_of"]
