"""The pages of requests for assistance."""
