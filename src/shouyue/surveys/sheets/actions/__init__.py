"""Taking what customers say."""
