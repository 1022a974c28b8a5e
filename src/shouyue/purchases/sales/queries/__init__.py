"""Questions about what was sold."""
