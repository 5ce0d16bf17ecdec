"""The doctrine as it is read, typed, compared: ratios by group of categories."""
