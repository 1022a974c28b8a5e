"""Looks at the database before it is migrated and served: the keys that it needs must be held."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections

from shouyue.store.models import KeyInUse
from shouyue.store.person_keys import ring_problems


@register(Tags.database)
def keys_are_held(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_more: Any
) -> list[Error]:
    """Refuses to start on a database whose personal data the given keys do not open. `migrate` runs it first."""
    if app_configs is not None or "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        if KeyInUse._meta.db_table not in connections["default"].introspection.table_names(cursor):
            return []
    hint = "Give the keys that this installation was started with; a restore needs them as much as the backup."
    return [Error(problem, hint=hint, id="store.E001") for problem in ring_problems(settings.SHOUYUE_KEYS)]
