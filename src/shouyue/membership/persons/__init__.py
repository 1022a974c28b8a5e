"""A person under several numbers: all of them pay, each from its own lots, and limits are the person's."""
