"""Database backend: the one of production; the zero-install server is started when it is silent."""

from pathlib import Path

from django.db import OperationalError

from config import devdb
from config.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Start the zero-install server at the first connection that fails, then ask again."""

    def get_new_connection(self, conn_params):
        try:
            return super().get_new_connection(conn_params)
        except (self.Database.OperationalError, OperationalError):
            data = self.settings_dict.get("DEVDB")
            if not data:
                raise
            devdb.ensure(Path(data), durable=self.settings_dict["DEVDB_DURABLE"])
            return super().get_new_connection(conn_params)
