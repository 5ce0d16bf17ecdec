"""What a page says once something was done, or refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from accounts.services.errors import AccountError


@contextmanager
def telling(request: HttpRequest, done: str) -> Iterator[None]:
    """Tell that it is done, or the sentence with which the service refused it."""
    try:
        yield
    except AccountError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
