"""The numbers of the advisory locks of the database, together so that no two things share one."""

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """What one session does at a time, whoever starts it."""

    GRANTS = 727_000_001
    SUMMARIES = 727_000_002
    EPI_SETTINGS = 727_000_003
    PREPARATION = 727_000_004
    REQUEST_NOTICES = 727_000_005
    BENEFICIARY_CATEGORIES = 727_000_006
    TEXTS = 727_000_007
    FINESS_IMPORT = 727_000_101
    NOMENCLATURE = 727_000_102
    PHARMACY_SUMMARIES = 727_000_103
    SNAPSHOT = 727_000_141
    PUBLICATION = 727_000_142
    REMINDERS = 727_000_143
    REGROUPING = 727_000_144
    SUPPLY_WAVES = 727_000_161
    ALERTS = 727_000_181
    RELEASES = 727_000_191
    STATISTICS = 727_000_192
    JOURNAL_SEALS = 727_000_201
