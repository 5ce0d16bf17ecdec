"""A person at their browser, as Locust plays them: log in, look, write; each answer is checked.

Everybody comes from an address of their own, through the proxy that ``X-Forwarded-For`` tells of,
as hospitals do. What an answer acknowledged is written down: the run looks for it in the base.
"""

import base64
import hashlib
import hmac
import html
import json
import os
import random
import re
import struct
import time
from http.cookiejar import DefaultCookiePolicy
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import gevent
from locust import FastHttpUser, events
from locust.exception import StopUser

from tests.load.figures import Asked

PEOPLE = json.loads(Path(os.environ["LOAD_PEOPLE"]).read_text())
SCALE = float(os.environ.get("LOAD_SCALE", "1"))  # think times are multiplied by it
FIRST = int(os.environ.get("LOAD_FIRST", "0"))  # of each kind of people, whom to begin with
LOGIN, CODE = "/comptes/connexion/", "/comptes/connexion/second-facteur/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_requests = open(os.environ["LOAD_REQUESTS"], "a", buffering=1 << 16)  # noqa: SIM115
_told = open(os.environ["LOAD_TOLD"], "a", buffering=1 << 16)  # noqa: SIM115
_ranks: dict[str, count] = {}


@events.request.add_listener
def note(name, response_time, exception, start_time, **_more):
    error = f"{type(exception).__name__} {exception}" if exception else ""
    _requests.write(Asked(start_time, name, response_time, error[:200]).line() + "\n")


@events.user_error.add_listener
def note_fault(user_instance, exception, **_more):
    """An answer that is not what it should be: Locust alone would only write it in its log."""
    note(f"{type(user_instance).__name__}, faute", 0.0, exception, time.time())
    gevent.sleep(1)  # or they would begin again at once, and take the processor


@events.quit.add_listener
def close(**_more):
    _requests.close()
    _told.close()


def noted(*words: object) -> None:
    """Write down what an answer said is done, or what was asked when the answer may not come."""
    _told.write("\t".join(map(str, words)) + "\n")


def one_of(kind: str) -> tuple[int, dict]:
    """The next person of that kind; nobody is played by two."""
    rank = FIRST + next(_ranks.setdefault(kind, count()))
    everybody = PEOPLE[kind]
    if rank >= FIRST + len(everybody):
        raise StopUser
    return rank, everybody[rank % len(everybody)]


def one_time_code(secret: str) -> str:
    """RFC 6238, as the application of the person's telephone gives it."""
    moment = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), moment, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Person(FastHttpUser):
    """``kind``: which list of people they are of."""

    abstract = True
    kind = ""
    connection_timeout = network_timeout = 30.0

    def on_start(self):
        self.rank, self.me = one_of(self.kind)
        # the proxy speaks https to the browser, which keeps such cookies; here one speaks http
        policy = DefaultCookiePolicy(secure_protocols=("http", "https"))
        self.client.cookiejar.set_policy(policy)
        self.sent = {
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": f"10.0.{self.rank >> 8 & 255}.{self.rank & 255}",
            "Accept": "text/html",
            "Accept-Language": "fr",
            "Connection": "close",  # the proxy keeps its own
        }
        self.sent["Referer"] = f"{self.environment.host.replace('http:', 'https:')}/"
        self.token = ""
        self.log_in()

    def log_in(self):
        self.look("connexion, page", LOGIN)
        typed = {"login": self.me["login"], "password": PEOPLE["password"]}
        answer = self.send("connexion", LOGIN, typed)
        if CODE in answer.headers.get("Location", ""):
            answer = self.give_code()
        if LOGIN in answer.headers.get("Location", LOGIN):
            raise StopUser
        self.look("accueil", "/")

    def give_code(self):
        """The code may have changed while it travelled: one then gives the next."""
        self.look("second facteur, page", CODE)
        for _ in range(2):
            fields = {"code": one_time_code(PEOPLE["totp"])}
            answer = self.send("second facteur", CODE, fields, expected=(200, 302))
            if answer.status_code == 302:
                break
        return answer

    def look(self, name, path, *, expected=(200,), follow=True):
        """Open a page; a form of it gives the next token."""
        page = self.ask("GET", name, path, expected, allow_redirects=follow)
        found = TOKEN.search(page.text or "")
        if found:
            self.token = found[1]
        return page

    def send(self, name, path, fields, *, expected=(302,), files=None):
        """Send a form; a redirection is where one goes on."""
        body = {"csrfmiddlewaretoken": self.token} | fields
        more = {"data": urlencode(body, doseq=True)}
        kind = "application/x-www-form-urlencoded"
        if files is not None:
            more["data"], kind = multipart(body, files)
        headers = {"Content-Type": kind}
        return self.ask("POST", name, path, expected, headers, allow_redirects=False, **more)

    def save(self, path, body, name="case"):
        """What the script of a grid sends; its answer, or None when it is no answer."""
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-CSRFToken": self.token,
        }
        answer = self.ask("POST", name, path, (200,), headers, data=json.dumps(body))
        return answer.json() if answer.status_code == 200 else None

    def ask(self, method, name, path, expected, headers=None, **more):
        headers = self.sent | (headers or {})
        with self.client.request(
            method, path, name=name, headers=headers, catch_response=True, **more
        ) as answer:
            if answer.status_code in expected:
                answer.success()
            else:
                answer.failure(f"{answer.status_code} {told_in(answer.text)}")
        return answer

    def think(self, seconds):
        """The time to read or to type, around ``seconds``."""
        self.wait_for(seconds * SCALE * (0.5 + self.environment.luck.random()))

    def wait_for(self, seconds):
        gevent.sleep(seconds)


class Program(Person):
    """A software rather than a person: a token, no session."""

    abstract = True

    def on_start(self):
        self.rank, self.me = one_of(self.kind)
        self.sent = {"X-Forwarded-Proto": "https", "Connection": "close"}
        self.sent["Authorization"] = f"Bearer {self.me['token']}"


@events.init.add_listener
def draw(environment, **_more):
    environment.luck = random.Random(8)


def multipart(body: dict, files: dict) -> tuple[bytes, str]:
    edge = "----charge"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in body.items()
    ]
    parts += [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        f"Content-Type: text/csv\r\n\r\n{text}\r\n"
        for name, (file, text) in files.items()
    ]
    return "".join([*parts, f"--{edge}--\r\n"]).encode(), f"multipart/form-data; boundary={edge}"


def told_in(text: str | None) -> str:
    """The first words of the error of a page."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text or "", re.DOTALL)
    return html.unescape(found[1].strip())[:120] if found else (text or "")[:120]
