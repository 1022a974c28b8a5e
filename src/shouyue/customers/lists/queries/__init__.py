"""Questions of lists: who is in use, what a list may change, what it would change."""
