"""Every setting, read from the environment: a module a subject, all of them here.

With no DATABASE_URL: the zero-install database. What a deployment must give is listed in the
README (« Déployer »); what is missing is said in one sentence at start.
"""

from config.settings.accounts import *  # noqa: F403
from config.settings.applications import *  # noqa: F403
from config.settings.backups import *  # noqa: F403
from config.settings.chorus import *  # noqa: F403
from config.settings.database import *  # noqa: F403
from config.settings.environment import *  # noqa: F403
from config.settings.files import *  # noqa: F403
from config.settings.identity import *  # noqa: F403
from config.settings.logs import *  # noqa: F403
from config.settings.mails import *  # noqa: F403
from config.settings.monitoring import *  # noqa: F403
from config.settings.security import *  # noqa: F403
from config.settings.service import *  # noqa: F403
