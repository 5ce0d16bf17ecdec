#!/usr/bin/env python
"""Run a management command of the project."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    # a pooler is for the web processes: a command keeps its session to itself, with its locks, its
    # temporary tables, and the notifications that the task worker waits for
    if direct := os.environ.get("DATABASE_DIRECT_URL"):
        os.environ["DATABASE_URL"] = direct
    execute_from_command_line(sys.argv)
