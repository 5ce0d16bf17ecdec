"""Who asks through the proxy: a browser with its cookies, from an address of its own."""

import http.client
import json
import re
from urllib.parse import urlencode

HOST = "stocks.example"
LOGIN = "/comptes/connexion/"
BOUNDARY = "-----------------------------stocks"


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.body = response.read()
        self.headers = response.headers
        self.served_by = self.headers.get("X-Served-By", "").rpartition(",")[2].strip()

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


class Browser:
    """Cookies as received, whatever they say of TLS: the proxy of this trial has no certificate."""

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        self.port, self.address = port, address
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, url: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(self.address, 0)
        )
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        origin = {"Referer": f"https://{HOST}/", "Origin": f"https://{HOST}"}
        given = {"Host": HOST, "Cookie": kept, "Accept": "text/html"} | origin
        try:
            connection.request(method, url, body, given | headers)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        for one in answer.headers.get_all("Set-Cookie", []):
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, url: str, **headers: str) -> Answer:
        return self.ask("GET", url, **headers)

    def post(self, url: str, fields: dict[str, str], **headers: str) -> Answer:
        body = urlencode(fields | {"csrfmiddlewaretoken": self.token}).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", url, body, **form | headers)

    def post_json(self, url: str, content: dict) -> Answer:
        given = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        body = json.dumps(content).encode()
        return self.ask("POST", url, body, **given | {"Accept": "application/json"})

    def post_file(self, url: str, fields: dict[str, str], name: str, content: bytes) -> Answer:
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in (fields | {"csrfmiddlewaretoken": self.token}).items()
        ]
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        )
        body = "".join([*parts, head]).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        return self.ask(
            "POST", url, body, **{"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        )

    def log_in(self, email: str, password: str, **headers: str) -> Answer:
        self.token = ""
        self.read_token(LOGIN, **headers)
        return self.post(LOGIN, {"login": email, "password": password}, **headers)

    def read_token(self, url: str, **headers: str) -> Answer:
        """Of a page, which is answered; the token changes at login."""
        answer = self.get(url, **headers)
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.text)
        if found:
            self.token = found[1]
        return answer
