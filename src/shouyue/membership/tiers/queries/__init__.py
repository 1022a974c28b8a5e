"""Questions about tiers."""
