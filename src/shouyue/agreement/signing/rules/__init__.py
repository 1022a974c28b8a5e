"""Reading a contract, what a signature says, and whether it holds."""
