"""The pages of what is steered, by subject."""
