"""What `make audit` looks for, each search with something planted that it must find."""
