"""What a person at the desk keeps for later: views of lists, and drafts of what was not sent yet."""
