"""A server that a test starts, on a port and in a thread of its own."""

import threading
from http.server import HTTPServer


class LocalServer:
    """``url`` is where it listens until ``stop``."""

    def serve(self, server: HTTPServer):
        self.server = server
        self.url = f"http://127.0.0.1:{server.server_port}"
        self.thread = threading.Thread(target=server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
