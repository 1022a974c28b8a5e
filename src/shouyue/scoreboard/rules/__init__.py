"""Decisions of the scoreboard: judgements, readings, what comes first."""
