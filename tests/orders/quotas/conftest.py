"""What the tests of quotas share."""

from contextlib import contextmanager

import pytest
from django.db import transaction


@pytest.fixture
def transactional(db):
    """A world undone at its end: each example of a property begins with none."""

    @contextmanager
    def undone():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return undone
