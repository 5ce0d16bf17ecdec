"""Where allauth asks us how we do things."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Our choices on top of allauth's defaults."""
