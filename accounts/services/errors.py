"""What cannot be done to an account, a profile or a habilitation."""


class AccountError(Exception):
    """It cannot be done. The message is written for the person, in French."""
