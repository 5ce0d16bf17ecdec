"""A mail server of a hundred lines at most: it takes what it is given, refuses when told to."""

import email
import socketserver
import threading
from contextlib import contextmanager
from email import policy


class Conversation(socketserver.StreamRequestHandler):
    """What one client says, line by line."""

    def handle(self):
        self.say("220 essai")
        for line in self.rfile:
            match line.split()[0].upper() if line.split() else b"":
                case b"EHLO" | b"HELO" | b"MAIL" | b"RSET":
                    self.say("250 ok")
                case b"RCPT":
                    self.say("451 plus tard" if self.server.refuses else "250 ok")
                case b"DATA":
                    self.say("354 allez")
                    self.server.take(self.message())
                    self.say("250 pris")
                case b"QUIT":
                    self.say("221 au revoir")
                    return
                case _:
                    self.say("502 inconnu")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def message(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


class Server(socketserver.ThreadingTCPServer):
    """Listens on 127.0.0.1; ``mails`` are those it has taken, ``refuses`` makes it refuse."""

    allow_reuse_address = daemon_threads = True
    refuses = False

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Conversation)
        self.mails = []
        self.port = self.server_address[1]

    def take(self, source):
        self.mails.append(email.message_from_bytes(source, policy=policy.default))


@contextmanager
def smtp_server(port=0):
    with Server(port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
