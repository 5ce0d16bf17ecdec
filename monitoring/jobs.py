"""The jobs that end, counted as the pages are: how many, how they ended, how long they took."""

import logging

from common.logs import job_fields
from monitoring.recorder import JOB, recorder


class JobHandler(logging.Handler):
    """Hears what the task worker says of a job that ended."""

    def emit(self, record: logging.LogRecord) -> None:
        fields = job_fields(record)
        if fields is not None:
            recorder.add((JOB, str(fields["job"]), "", str(fields["outcome"])), float(fields["ms"]))
