"""Messages to roles and territories: `/messages/`."""


def build_messages() -> None:
    """Nothing yet."""
