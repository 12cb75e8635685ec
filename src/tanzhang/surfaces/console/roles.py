"""Roles: groups of Django's, with exactly these permissions after every migration.

Whoever approves does not propose: the two come together only in two persons, whatever their roles.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

#: Role -> what its holders may do (``models.Action``'s permissions).
ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "reader": ("look",),
    "operator": ("look", "hold", "switch", "reveal"),
    "methodologist": ("look", "propose"),
    "approver": ("look", "approve"),
    "auditor": ("look", "audit"),
    "administrator": ("look", "audit", "administer"),
}


def apply_roles(sender: Any, using: str, **_: Any) -> None:
    """Make every role that is missing and give each exactly its permissions."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission
    from django.db import router

    if not router.allow_migrate_model(using, Permission):
        return
    # Ours may be asked before auth's own handler has made them.
    create_permissions(sender, verbosity=0, using=using)
    own = Permission.objects.using(using).filter(content_type__app_label="console")
    by_name = {permission.codename: permission for permission in own}
    for role, names in ROLES.items():
        group, _made = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set([by_name[name] for name in names])
