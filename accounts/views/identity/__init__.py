"""What PASREL answers: pages for people, JSON for applications."""
