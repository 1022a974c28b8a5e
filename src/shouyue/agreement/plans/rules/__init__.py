"""Where the measures of the annexes' plans stand."""
