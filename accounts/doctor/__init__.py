"""The access doctor: why a door is shut, who can open it, since when they have been asked.

It asks the predicates of the gate (``accounts.conditions``, ``accounts.grants``) one by one and
puts each answer in words. What an application needs besides is declared by its app, in
``<app>/access.py``; ``config`` collects them.
"""

from accounts.doctor.application import Application, Finding, Place, Step, generic
from accounts.doctor.case import Case, Facts, Person
from accounts.doctor.diagnosis import Diagnosis, diagnose
from accounts.doctor.overview import Line, overview

__all__ = [
    "Application",
    "Case",
    "Diagnosis",
    "Facts",
    "Finding",
    "Line",
    "Person",
    "Place",
    "Step",
    "diagnose",
    "generic",
    "overview",
]
