"""Who gives how much, on plain values."""
