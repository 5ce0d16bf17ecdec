"""A mail server that keeps what it is given; it can be closed, and it can refuse."""

import email
import email.policy
import socketserver
import threading
from typing import NamedTuple


class Mail(NamedTuple):
    to: str
    subject: str
    number: str  # Message-ID


class Session(socketserver.StreamRequestHandler):
    """As little of SMTP as Django speaks."""

    timeout = 20

    def handle(self) -> None:
        self.say("220 essai")
        while line := self.rfile.readline().decode(errors="replace").strip():
            word = line[:4].upper()
            if word == "DATA":
                self.say("354 on vous lit")
                self.server.sink.keep(self.read_message())
                self.say("250 gardé")
            elif word == "QUIT":
                self.say("221 au revoir")
                return
            elif word in ("RCPT", "MAIL") and self.server.sink.is_refusing:
                self.say("451 plus tard")
            else:
                self.say("250 bien")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode("ascii", "replace"))

    def read_message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


class Sink:
    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.is_refusing = False
        self.server: Server | None = None
        with Server(("127.0.0.1", 0), Session) as found:
            self.port = found.server_address[1]

    def open(self) -> None:
        if self.server is None:
            self.server = Server(("127.0.0.1", self.port), Session)
            self.server.sink = self
            threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def keep(self, content: bytes) -> None:
        found = email.message_from_bytes(content, policy=email.policy.default)
        self.mails.append(Mail(str(found["To"]), str(found["Subject"]), str(found["Message-ID"])))
