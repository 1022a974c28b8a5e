"""A person under several numbers: all of them pay, each from its own lots, limits are theirs; the walk over members."""
