"""The requests as somebody decides of them: who meets which, what to know, their screens."""
