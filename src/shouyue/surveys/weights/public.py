"""The door of the weights, inside the wing; rules enter each other directly."""

from shouyue.surveys.weights.rules.margins import (
    CATEGORIES_MAX,
    Margins,
    MarginsError,
    Problem,
    checked,
    margins_from,
    margins_hash,
    pasted,
)
from shouyue.surveys.weights.rules.raking import cells_of

__all__ = [
    "CATEGORIES_MAX",
    "Margins",
    "MarginsError",
    "Problem",
    "cells_of",
    "checked",
    "margins_from",
    "margins_hash",
    "pasted",
]
