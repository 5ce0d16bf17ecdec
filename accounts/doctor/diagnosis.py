"""The verdict and the one next step, then every condition in its order."""

from dataclasses import dataclass

from accounts.doctor.account_conditions import (
    account_condition,
    address_condition,
    factor_conditions,
)
from accounts.doctor.application import Finding, Step
from accounts.doctor.case import Case
from accounts.doctor.condition import Condition
from accounts.doctor.deciding import Deciding, deciding_of
from accounts.doctor.right_conditions import (
    is_reserved,
    profile_condition,
    right_condition,
    state_condition,
    use_conditions,
)
from common.french import of

NUMBER, LAST = "number", "last"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the page shows; ``step`` is the one thing to do next, none when others must act."""

    case: Case
    conditions: list[Condition]
    deciding: Deciding | None

    @property
    def unmet(self) -> list[Condition]:
        return [one for one in self.conditions if not one.is_met]

    @property
    def is_open(self) -> bool:
        return not self.unmet

    @property
    def waits(self) -> bool:
        """Nothing is left to ask for: somebody else has to decide."""
        return bool(self.unmet) and all(one.waits for one in self.unmet)

    @property
    def css(self) -> str:
        return "action" if self.is_open else "attention"

    @property
    def verdict(self) -> str:
        verb, missing = self.case.application.verb, len(self.unmet)
        if self.is_open:
            return f"Vous pouvez {verb}"
        if self.waits:
            return f"Vous pourrez {verb} dès que votre demande sera acceptée"
        if is_reserved(self.case) and not self.case.candidate:
            return f"Votre profil ne permet pas {of(verb)}"
        s, verb_ending = ("s", "nt") if missing > 1 else ("", "")
        return (
            f"Vous ne pouvez pas encore {verb} : {missing} condition{s} sur "
            f"{len(self.conditions)} manque{verb_ending}"
        )

    @property
    def next_condition(self) -> Condition | None:
        """The first that one can act on; the number comes last, a request is made on the right."""
        ranked = sorted(self.unmet, key=lambda one: one.key in (NUMBER, LAST))
        return next((one for one in ranked if one.step), next(iter(ranked), None))

    @property
    def step(self) -> Step | None:
        if self.is_open:
            address = self.case.application.address
            return Step("Y aller", address(self.case.place)) if address else None
        return self.next_condition.step if self.next_condition else None

    @property
    def last_to_decide(self) -> Condition | None:
        """After which the page says where to write when nobody answers, once."""
        return next((one for one in reversed(self.unmet) if one.needs_others), None)

    @property
    def is_one_step_for_all(self) -> bool:
        """A request settles the profile, its state and the habilitation together."""
        asked = {"profile", "state", "right", NUMBER}
        missing = {one.key for one in self.unmet}
        return "profile" in missing and len(missing) > 1 and missing <= asked


def diagnose(case: Case) -> Diagnosis:
    """Look at every condition; who can act is asked only when something is missing."""
    conditions = conditions_of(case)
    asks = any(one.needs_others and not one.is_met for one in conditions)
    return Diagnosis(case, conditions, deciding_of(case) if asks else None)


def conditions_of(case: Case) -> list[Condition]:
    """In the order in which one meets them; all met exactly when the gate opens."""
    found = [
        account_condition(case),
        address_condition(case),
        *place_conditions(case),
        profile_condition(case),
    ]
    if case.candidate or not is_reserved(case):
        found += [state_condition(case), right_condition(case)]
    return [*found, *use_conditions(case), *factor_conditions(case)]


def place_conditions(case: Case) -> list[Condition]:
    if case.place is None:
        return []
    findings = [check(case.place, case.facts) for check in case.application.checks]
    return [_of_finding(one, number) for number, one in enumerate(findings)]


def _of_finding(finding: Finding, number: int) -> Condition:
    key = NUMBER if finding.is_about_number else LAST if finding.is_last else f"place-{number}"
    return Condition(
        key,
        finding.title,
        finding.is_met,
        finding.detail,
        you=finding.advice,
        step=finding.step,
        short=finding.short,
    )
