"""The history of a table: each insertion, change and deletion, kept by the database itself."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import models

Model = TypeVar("Model", bound=models.Model)


def tracked(**options: Any) -> Callable[[type[Model]], type[Model]]:
    """Keep every state of a model, with the context of the request; see ``pghistory.track``."""
    kinds = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return pghistory.track(*kinds, **options)  # type: ignore[no-any-return]
