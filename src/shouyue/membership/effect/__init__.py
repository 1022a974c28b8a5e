"""Whether the programme works: members beside people like them, and a holdout that gets no campaigns."""
