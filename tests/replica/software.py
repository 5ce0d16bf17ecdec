"""A pharmacy's software and its agency's, each with its token: what a program reads of its own."""

from django.utils import timezone

from tests.builders import make_body, make_person
from tests.pui.api.sending import line, read, send, token_of, token_of_body
from tests.pui.builders import make_followed, make_product, make_pui


class Software:
    """It declares one medicine, and reads it where the agency's does."""

    def __init__(self) -> None:
        self.product, self.pui = make_followed(make_product("MIDAZOLAM 5 mg/ml")), make_pui()
        self.token = token_of(make_person("APE", on=self.pui.establishment))
        self.agency = token_of_body(make_body("ars", region=self.pui.establishment.region))

    def declares(self, stock: int) -> None:
        key = f"envoi-{timezone.now().isoformat()}"
        answer = send(self.token, self.pui, line(self.product, stock), key=key)
        assert answer.status_code == 201, answer.text

    def reads(self) -> int:
        return stock_read(self.token)

    def agency_reads(self) -> int:
        return stock_read(self.agency)


def stock_read(token: str) -> int:
    answer = read(token)
    assert answer.status_code == 200, answer.text
    (shown,) = answer.json()["stocks"]
    return int(shown["stock"])
