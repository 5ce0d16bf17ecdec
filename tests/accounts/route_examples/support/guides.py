"""Guides by role: `/aide/guides/`."""

from tests.accounts.route_examples.example import Example, plain

of_a_guide = Example(lambda place: ["premiere-connexion"])

EXAMPLES: dict[str, Example] = {
    "support:hub": plain,
    "support:guides": plain,
    "support:guide": of_a_guide,
    "support:guide_pdf": of_a_guide,
}
