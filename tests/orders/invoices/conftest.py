"""What the tests of invoices share."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob


@pytest.fixture
def queued(db):
    """The arguments of the jobs of a task, in the order they were queued."""

    def arguments(task):
        rows = ProcrastinateJob.objects.filter(task_name=task).order_by("pk")
        return list(rows.values_list("args", flat=True))

    return arguments
