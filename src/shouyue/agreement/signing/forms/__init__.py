"""Input of the pages of drafts, signatures and amendments."""
