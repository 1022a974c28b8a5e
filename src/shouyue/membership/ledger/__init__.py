"""The ledger of points: transfers that name both sides, the lots they take from, and balances that can be proved."""
