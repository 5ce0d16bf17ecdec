"""Files received: whole and on the disk, or not there."""

import os
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from common.disk import settle


class WholeFileStorage(FileSystemStorage):
    """Django's own leaves what it wrote of a file when the disk is full, which nobody removes.

    What is acknowledged is on the disk, not in its waiting line: the row that names it is.
    """

    def _save(self, name: str, content: "File[bytes]") -> str:
        path = self.path(name)
        was_there = os.path.lexists(path)
        try:
            saved: str = super()._save(name, content)  # type: ignore[misc]
            whole = Path(self.path(saved))
            settle(whole)
            settle(whole.parent)  # which names it
        except OSError:
            if not was_there and os.path.lexists(path):
                os.unlink(path)
            raise
        return saved
