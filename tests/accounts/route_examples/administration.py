"""The administration of the platform."""

from tests.accounts.route_examples.example import Example, by_number, plain

EXAMPLES = {
    "administration:hub": plain,
    "administration:fixed": plain,
    "administration:health": plain,
    "administration:jobs": plain,
    "administration:jobs_act": Example(lambda place: [], data={"geste": "relancer", "numero": "0"}),
    "administration:mails": plain,
    "administration:errors": plain,
    "administration:slowness": plain,
    "administration:statements": plain,
    "texts:texts": plain,
    "texts:text": Example(lambda place: ["mentions-editeur"]),
    "texts:announcement_new": plain,
    "texts:announcement_end": by_number,
}
