"""Questions of duplicates."""
