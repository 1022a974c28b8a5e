"""The pages of drafts, signatures and amendments."""
