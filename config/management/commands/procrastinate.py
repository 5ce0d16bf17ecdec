"""The task worker, on a direct connection: behind a pooler it refuses to start."""

from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from procrastinate.contrib.django.management.commands import procrastinate

from config.pooler import REFUSAL, is_pooled


class Command(procrastinate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if options.get("command") == "worker" and is_pooled(connection):
            raise CommandError(REFUSAL)
        super().handle(*args, **options)
