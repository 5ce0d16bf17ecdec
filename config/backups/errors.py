"""What a backup cannot do, said to the operator."""


class BackupError(Exception):
    """The message is the sentence shown, with what to do."""
