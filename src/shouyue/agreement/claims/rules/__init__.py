"""What a claim of breach needs, and how it goes on."""
