"""Requests for assistance: `/aide/contact/`."""


def build_contact() -> None:
    """Nothing yet."""
