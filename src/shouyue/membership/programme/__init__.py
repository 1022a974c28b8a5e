"""The programme above the ledger: tiers and benefits, earn rules, rewards, referral, campaigns, and their effect."""
