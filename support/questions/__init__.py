"""Questions and answers: reading, searching, editing."""
