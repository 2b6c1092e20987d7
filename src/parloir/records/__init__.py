"""What people do, in a database: cases, authorities, evidence items, custody events, judgements, accesses.

Importing this package sets Django up, once in a process, so that its models can be imported by name. Which
database they live in is settled by `parloir.records.setup.open_workspace`.
"""

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parloir.records.settings")
if not (apps.ready or apps.loading):
    django.setup()
