"""The scoreboard's pages."""
