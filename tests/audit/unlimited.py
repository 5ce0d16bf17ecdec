"""The same server without its limits of pace, which would hide everything after thirty calls."""

from accounts.limits import FailureLimit
from config.wsgi import application

__all__ = ["application"]

FailureLimit.begin = lambda self, key: None
