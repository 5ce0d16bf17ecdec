"""Which test files stay on one worker: they build or read once what each of their tests asks for.

The mark ``xdist_group`` would say it, but a worker writes the group in an attribute that pytest 9.1
no longer reads: every test went where it pleased, and the demonstration was built twice.
"""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/accounts/test_journal_labels.py",
    "tests/config/test_demo.py",
    "tests/config/test_devdb.py",
}


class TogetherWhereAsked(LoadScopeScheduling):
    """Each test alone is a unit of work, but for the files of ``TOGETHER``, handed out first."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::", 1)[0]
        return path if path in TOGETHER else nodeid
