"""What a service of alerts refuses, in a sentence for the person."""


class AlertError(Exception):
    """Nothing was written. The message is for the person, in French."""


class AlertChangedError(AlertError):
    """Somebody acted since the page was shown."""
