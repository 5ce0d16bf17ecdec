"""What happens to a need and to its transfers: one function, one transaction, one entry."""
