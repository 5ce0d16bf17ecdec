"""What a service of assistance refuses, in a sentence for the person."""


class ContactError(Exception):
    """Nothing was written. The message is for the person, in French."""
