"""What expiry wishes of the ledger."""
