"""Who has which tier, since when and why, and what the tier gives."""
