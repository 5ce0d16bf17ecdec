"""What happens in the forum Agora: each act is one function of a module of this package."""
