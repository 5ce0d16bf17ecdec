"""What is read, typed and shown of a flu season: needs, doses delivered, who is late."""
