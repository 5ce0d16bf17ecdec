"""Help: guides, questions and answers, forum, requests for assistance."""
