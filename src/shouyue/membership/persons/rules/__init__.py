"""How much each number pays, on plain values."""
