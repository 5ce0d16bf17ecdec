"""One JSON object a line, with the request number, without personal data; a line a request."""

import os

from config.settings.environment import DEMO

# a line a request; in a terminal, beside the accounts of the demonstration, nobody reads it
LOG_REQUESTS = os.environ.get("LOG_REQUESTS", "0" if DEMO else "1") == "1"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "common.logs.RequestIdFilter"},
        "jobs": {"()": "common.logs.JobFilter"},
    },
    "formatters": {"json": {"()": "common.logs.JsonFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id", "jobs"],
            "formatter": "json",
        },
        # counts the jobs that end, for the pages and the metrics of the operator
        "jobs": {"class": "monitoring.jobs.JobHandler"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # its own lines of text, with what failed while a file was being sent: ours instead
        "gunicorn.error": {"propagate": True},
        "access": {"level": "INFO" if LOG_REQUESTS else "WARNING"},
        "procrastinate": {"level": "WARNING"},
        # one line a job that ends; the filter keeps no other
        "procrastinate.worker": {"level": "INFO", "handlers": ["jobs"]},
        "fontTools": {"level": "WARNING"},
        "factur-x": {"level": "WARNING"},
        "fpdf": {"level": "ERROR"},  # a letter that the font has not: the page has it
        "weasyprint": {"level": "ERROR"},  # its steps, and images it asks twice
    },
}
