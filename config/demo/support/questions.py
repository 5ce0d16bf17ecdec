"""Questions and answers: `/aide/faq/`."""


def build_questions() -> None:
    """Nothing yet."""
