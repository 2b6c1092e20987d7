"""Django's settings of the records; the web application extends them.

The database named here is the one of `PARLOIR_HOME`; `parloir.records.setup.open_workspace` points it
elsewhere when another workspace is opened.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from parloir.records.databases import database_of
from parloir.records.environment import value

SECRET_KEY = secrets.token_hex(32)  # nothing is signed that outlives the process
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "parloir.records.apps.RecordsConfig",
]
AUTH_USER_MODEL = "records.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
DATABASES = {"default": database_of(Path(value("PARLOIR_HOME")))}
