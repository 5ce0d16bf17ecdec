"""The addresses that a page needs whoever reads it."""

from functools import cache

from django.urls import reverse


@cache
def fixed_address(name: str) -> str:
    """The address of a page that takes no argument, looked for once in the life of the process."""
    return reverse(name)
