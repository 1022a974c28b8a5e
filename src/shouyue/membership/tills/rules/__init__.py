"""What orders earn, on plain values."""
