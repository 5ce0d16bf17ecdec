"""What a service of orders refuses, in a sentence for the person."""


class OrderingError(Exception):
    """Nothing was written. The message is for the person, in French."""
