"""Cells alone, to know how many are saved a second, then how long one takes at half of that.

``LOAD_PACE``: cells a second for all of them together; 0: as many as can be.
"""

import os
import time

from locust import task
from locust.exception import StopUser

from tests.load.scenarios.person import PEOPLE, Person
from tests.load.scenarios.typing import Sheet

PACE = float(os.environ.get("LOAD_PACE", "0"))


class Typist(Person):
    kind = "typists"

    def on_start(self):
        super().on_start()
        self.sheet = Sheet(self, self.me["sites"][0], PEOPLE["week"])
        if not self.sheet.open():
            raise StopUser
        self.next_one = time.perf_counter()

    @task
    def type_one(self):
        if PACE:
            self.next_one += self.environment.runner.target_user_count / PACE
            self.wait_for(max(0.0, self.next_one - time.perf_counter()))
        self.sheet.type_one()
