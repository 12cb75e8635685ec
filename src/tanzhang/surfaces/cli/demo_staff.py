"""The demonstration's log-ins: to the console one person who does not exist for each role, and
one of a fictitious partner to the portal.

Passwords are made from the installation's secret key, so they differ from one installation to the
next and are the same at every start. They open nothing outside of a demonstration
(``tanzhang.config.staff``).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from tanzhang.config.staff import DEMO_PREFIX

#: The log-in to the portal, and the partner to which it belongs.
MEMBER = f"{DEMO_PREFIX}partner"
PARTNER = "bike-demo"


def prepare() -> Sequence[tuple[str, str]]:
    """Make the log-ins that are missing; each with its password. Django is set up."""
    from django.contrib.auth.models import Group, User

    from tanzhang.surfaces.console.roles import ROLES

    logins = []
    for role in ROLES:
        name = f"{DEMO_PREFIX}{role}"
        user, _made = User.objects.get_or_create(
            username=name, defaults={"first_name": role, "last_name": "(demo)", "is_staff": True}
        )
        word = _password(name)
        if not user.check_password(word):
            user.set_password(word)
            user.save()
        user.groups.set(Group.objects.filter(name=role))
        logins.append((name, word))
    return logins


def prepare_member() -> tuple[str, str]:
    """The log-in of the fictitious partner to the portal, with its password. Django is set up."""
    from django.contrib.auth.models import User

    from tanzhang.apps.partners.api import partner
    from tanzhang.surfaces.portal.members import add_demo_member

    word = _password(MEMBER)
    if not User.objects.filter(username=MEMBER).exists():
        add_demo_member(partner(PARTNER).id, MEMBER)
    user = User.objects.get(username=MEMBER)
    if not user.check_password(word):
        user.set_password(word)
        user.save(update_fields=["password"])
    return MEMBER, word


def _password(name: str) -> str:
    """Twelve letters and digits that nobody can guess without the secret key (60 bits)."""
    from django.utils.crypto import salted_hmac

    digest = salted_hmac("tanzhang demo staff", name, algorithm="sha256").digest()
    return base64.b32encode(digest)[:12].decode("ascii").lower()
