"""Members who bring friends."""
