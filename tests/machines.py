"""Lives made at random by Hypothesis, on the database: nothing true may stop being so."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test


def live(machine, *, examples, steps, **more):
    """Without a deadline: an act is a whole service. ``more``: settings of Hypothesis."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )
