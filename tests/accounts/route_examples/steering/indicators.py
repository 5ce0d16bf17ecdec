"""The registry of indicators: `/indicateurs/`."""

from tests.accounts.route_examples.example import Example, plain

EXAMPLES: dict[str, Example] = {
    "steering:indicators": plain,
    "steering:indicator": Example(lambda place: ["couverture-epi"]),
}
