"""Database backend: Django's own, whose checks and plans cost no round trip on each request."""

import select

from django.db.backends.postgresql import base
from psycopg import _queries

from common.statements import watched

# psycopg reads the placeholders of a statement once, unless it is longer than this: ours of a whole
# page are, and are sent as often as the short ones
_queries.MAX_CACHED_STATEMENT_LENGTH = 16_384


class DatabaseOperations(base.DatabaseOperations):
    def last_executed_query(self, cursor, sql, params):
        """A statement already prepared is sent by its name: tell its text all the same."""
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseWrapper(base.DatabaseWrapper):
    """Look at the socket before asking the server; prepare the statements sent all day long."""

    ops_class = DatabaseOperations

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(watched)

    def close_if_health_check_failed(self):
        """Ask ``SELECT 1`` only of a connection whose server said something meanwhile.

        A server that stops, restarts or ends a session says so on the socket, where nothing is
        due between two requests. A silent socket is as sound as one can tell without writing.
        """
        if self.connection is not None and self.health_check_enabled and self._is_silent():
            self.health_check_done = True
        super().close_if_health_check_failed()

    def _is_silent(self) -> bool:
        if self.connection.closed:
            return False
        watch = select.poll()
        watch.register(self.connection.fileno(), select.POLLIN)
        return not watch.poll(0)

    def chunked_cursor(self):
        """Behind a pooler all rows come at once: the next one to fetch would be somebody else."""
        if self.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            return self.cursor()
        return super().chunked_cursor()

    def prepared_cursor(self):
        """A cursor whose statements PostgreSQL parses and plans once for the whole connection.

        For the few statements sent at every request: parameters need their casts written, and
        integers the type they always have (``Int8``), or each size makes another plan.
        ``prepare_threshold`` None in OPTIONS prepares nothing.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(base.ServerBindingCursor(self.connection))
