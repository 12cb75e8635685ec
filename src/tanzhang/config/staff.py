"""Who may log in to the console."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User

from tanzhang.apps.people.api import installation

#: Log-ins with this beginning belong to the demonstration.
DEMO_PREFIX: Final = "demo-"


class StaffBackend(ModelBackend):
    """Django's own, but demonstration log-ins open nothing where people are real."""

    def user_can_authenticate(self, user: Any) -> bool:
        if is_demo(user) and not installation().is_fictitious:
            return False
        return super().user_can_authenticate(user)


def is_demo(user: Any) -> bool:
    """Whether a log-in belongs to the demonstration: its password stood on a screen."""
    return user is not None and user.get_username().startswith(DEMO_PREFIX)


def staff_names() -> list[str]:
    """The log-ins that open the console now, by name."""
    staff = User.objects.filter(is_active=True, is_staff=True)
    if not installation().is_fictitious:
        staff = staff.exclude(username__startswith=DEMO_PREFIX)
    return list(staff.order_by("username").values_list("username", flat=True))
