"""Who writes: a browser or a machine that asks again until it is answered, and notes the answer."""

import random
import re
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from http.client import HTTPException
from itertools import count

from tests.builders import PASSWORD
from tests.faults.service import PEER
from tests.faults.told import NO, YES, Act, Answered, Told
from tests.faults.world import World
from tests.proxied.people import Answer, Browser

CUT = (OSError, HTTPException)
OK, FOUND, TOO_MANY, BUSY, FAULT = 200, 302, 429, 503, 500
PATIENCE = 45.0  # seconds during which somebody asks again
LAST_PATIENCE = 20.0
_logins = count(1)


class Visitor(Browser):
    """Straight to gunicorn, with what the proxy would say."""

    def ask(self, method: str, url: str, body: bytes | None = None, **headers: str) -> Answer:
        return super().ask(method, url, body, **PEER | headers)


class Client(threading.Thread, ABC):
    """Acts while it is ``going``; what is under way at a pause has some seconds to be answered."""

    pause = 0.2

    def __init__(self, world: World, port: int, told: Told, luck: random.Random) -> None:
        super().__init__(daemon=True)
        self.world, self.told, self.luck = world, told, luck
        self.browser = Visitor(port)
        self.going, self.idle = threading.Event(), threading.Event()
        self.give_up_at = float("inf")

    def run(self) -> None:
        while True:
            if not self.going.wait(0.2):
                self.idle.set()
                self.going.wait()
            self.live()
            time.sleep(self.pause * (0.5 + self.luck.random()))

    def resume(self) -> None:
        self.give_up_at = float("inf")
        self.idle.clear()
        self.going.set()

    def pause_soon(self) -> None:
        self.give_up_at = time.monotonic() + LAST_PATIENCE
        self.going.clear()

    @abstractmethod
    def live(self) -> None:
        """One act of theirs, whole."""

    def until_answered(
        self, act: Act, send: Callable[[], Answer], yes: tuple[int, ...], no: tuple[int, ...] = ()
    ) -> Answer | None:
        """The same request again while nobody answers it: a person, a page, a machine do so."""
        if not act.tries:
            self.told.begin(act)
            act.begun = time.monotonic()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < min(until, self.give_up_at):
            act.tries += 1
            act.sent = time.monotonic()
            answer = self.answer_of(send)
            act.ended = time.monotonic()
            if answer is None or answer.status in (BUSY, TOO_MANY):
                time.sleep(0.2)
                continue
            if answer.status in yes:
                act.verdict = YES
            elif answer.status in no:
                act.verdict = NO
            else:
                self.told.surprise(f"{act.kind} {answer.status} {text_of(answer)}")
            act.words = answer.headers.get("Location") or ""
            return answer
        return None

    def answer_of(self, send: Callable[[], Answer]) -> Answer | None:
        start = time.monotonic()
        try:
            answer = send()
        except CUT:
            return None
        took = time.monotonic() - start
        is_told = "essayez dans un instant" in answer.text  # also in JSON, without its accent
        self.told.answered(Answered(start, took, answer.status, is_told))
        if answer.status == FAULT:
            self.told.surprise(f"500 {text_of(answer)}")
            return None
        return answer

    def enter(self, email: str, page: str) -> bool:
        """A session is opened, or it is not: the login too is asked again."""

        def attempt() -> Answer:
            self.browser.cookies.clear()
            return self.browser.log_in(email, PASSWORD)

        act = Act("login", f"{email} {next(_logins)}")
        if self.until_answered(act, attempt, (302,)) is None or act.verdict != YES:
            return False
        answer = self.answer_of(lambda: self.browser.read_token(page))
        return answer is not None and answer.status == OK


def text_of(answer: Answer) -> str:
    words = re.sub(r"<[^>]+>|\s+", " ", answer.text.partition("<main")[2] or answer.text)
    return re.sub(r" +", " ", words)[:300]


class Member(Client):
    """Somebody with a session, opened before the first act."""

    email, page = "", "/profils/"
    is_in = False

    def live(self) -> None:
        if not self.is_in:
            self.is_in = self.enter(self.email, self.page)
        else:
            self.act()

    @abstractmethod
    def act(self) -> None:
        """What they do once they are in."""
