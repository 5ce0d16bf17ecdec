"""The real server: gunicorn, two workers, the settings of production, a base of tests."""

import http.client
import os
import socket
import subprocess
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from tests.programs import children_of, free_port, gunicorn

HOST = "stocks.example"


class Site:
    """``with Site(folder) as site``: on 127.0.0.1 until the end, whatever happens."""

    def __init__(self, folder: Path, application="config.wsgi:application"):
        self.application = application
        self.folder, self.maintenance = folder, folder / "maintenance"
        self.port = free_port()

    def __enter__(self):
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen(
            gunicorn(self.port, application=self.application),
            cwd=settings.BASE_DIR,
            env=self.environment(),
            stdout=self.log,
            stderr=self.log,
        )
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *args):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()

    def environment(self):
        asked = connection.get_connection_params()
        port = f":{asked['port']}" if asked.get("port") else ""
        url = f"@{quote(str(asked['host']), safe='')}{port}/{asked['dbname']}"
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.audit.site_settings",
            "DATABASE_URL": f"postgresql://{settings.WEB_ROLE}{url}",
            "DATABASE_OWNER_URL": f"postgresql://{asked['user']}{url}",
            "SECRET_KEY": settings.SECRET_KEY,
            "ALLOWED_HOSTS": f"{HOST},localhost,127.0.0.1",
            "SITE_URL": f"https://{HOST}",
            "TRUSTED_PROXY_COUNT": "1",
            "DATA_DIR": str(self.folder),
            "MAINTENANCE_FILE": str(self.maintenance),
        }

    def wait(self):
        for _ in range(300):
            try:
                if self.get("/sante/").status:
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError((self.folder / "log").read_text()[-3000:])

    def workers(self):
        """The numbers of the two processes that answer."""
        return children_of(self.process.pid)

    def request(self, method, path, body=None, **headers):
        """Another connection each time: whichever worker takes it. ``secure=False``: plain HTTP."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers.setdefault("Host", HOST)
        if headers.pop("secure", True):
            headers.setdefault("X-Forwarded-Proto", "https")
        if isinstance(body, dict):
            body = urlencode(body, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        opened = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            opened.request(method, path, body=body, headers=headers)
            answer = opened.getresponse()
            answer.text = answer.read().decode(errors="replace")
            return answer
        finally:
            opened.close()

    def get(self, path, **headers):
        return self.request("GET", path, **headers)

    def raw(self, data: bytes) -> bytes:
        """Bytes that no client would send, and what comes back before two seconds."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as opened:
            try:
                opened.sendall(data)
                return opened.recv(4000)
            except (TimeoutError, ConnectionError):
                return b""


class Browser:
    """One person's cookies, over connections that are each time others."""

    def __init__(self, site, address="192.0.2.7"):
        self.site, self.address, self.cookies = site, address, {}

    def ask(self, method, path, body=None, **headers):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers |= {"Cookie": cookies, "X_Forwarded_For": self.address}
        headers.setdefault("Referer", f"https://{HOST}/")
        answer = self.site.request(method, path, body, **headers)
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return answer

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, headers=None, **fields):
        """As from a page: with the token that it was shown."""
        if "__Host-csrf" not in self.cookies:
            self.get("/comptes/connexion/")
        fields |= {"csrfmiddlewaretoken": self.cookies["__Host-csrf"]}
        return self.ask("POST", path, fields, **headers or {})

    def log_in(self, person, password):
        return self.post("/comptes/connexion/", login=person.email, password=password)
