"""What a service of the forum refuses, in a sentence for the person."""


class ForumError(Exception):
    """Nothing was written. The message is for the person, in French."""
