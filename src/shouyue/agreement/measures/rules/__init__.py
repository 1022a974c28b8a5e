"""What rooms count for the measures that the contract defines."""
