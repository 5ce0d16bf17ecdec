"""A value that cannot be read says why, and what would have been."""


class RefusedValueError(ValueError):
    """One value refused. ``str()`` is the sentence shown to the person; the parts fill a report.

    ``reason`` and ``expected`` are French phrases without a final full stop.
    """

    def __init__(self, value: object, what: str, reason: str, expected: str) -> None:
        self.value = shown(value)
        self.reason = reason
        self.expected = expected
        super().__init__(f"« {self.value} » n’est pas {what} : {reason}. Attendu : {expected}.")


def shown(value: object, *, length: int = 40) -> str:
    """Give what was received as a person can recognise it: short, and free of invisible marks."""
    text = str(value)[: length + 1]
    if not text.isprintable():  # rare: a file of 20,000 wrong lines is told without this
        text = "".join(mark if mark.isprintable() else " " for mark in text)
    return text if len(text) <= length else f"{text[:length]}…"
