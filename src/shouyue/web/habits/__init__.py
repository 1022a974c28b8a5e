"""What people expect of every screen: the palette, lists with views, peeks, undo, inline edits, drafts, my work."""
