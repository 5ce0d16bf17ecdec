"""Files received: whole and on the disk, or not there."""

import os

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Django's own leaves what it wrote of a file when the disk is full, which nobody removes.

    What is acknowledged is on the disk, not in its waiting line: the row that names it is.
    """

    def _save(self, name: str, content: "File[bytes]") -> str:
        path = self.path(name)
        was_there = os.path.lexists(path)
        try:
            saved: str = super()._save(name, content)  # type: ignore[misc]
            self._settle(saved)
        except OSError:
            if not was_there and os.path.lexists(path):
                os.unlink(path)
            raise
        return saved

    def _settle(self, name: str) -> None:
        """The file, then the folder that names it."""
        path = self.path(name)
        for settled in (path, os.path.dirname(path)):
            handle = os.open(settled, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
