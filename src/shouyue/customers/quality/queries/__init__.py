"""Questions about the quality of what is known."""
