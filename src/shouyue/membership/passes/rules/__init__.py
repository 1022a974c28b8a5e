"""What a version of the programme says of tiers that are sold."""
