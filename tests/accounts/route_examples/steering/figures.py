"""What anybody may read of how the service is used: `/stats/`."""

from tests.accounts.route_examples.example import Example, plain

EXAMPLES: dict[str, Example] = {
    "steering:stats": plain,
    "steering:stats_file": plain,
    "steering:stats_schema": plain,
}
