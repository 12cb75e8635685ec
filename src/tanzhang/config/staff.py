"""Who may log in to the console."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

#: Log-ins with this beginning belong to the demonstration.
DEMO_PREFIX: Final = "demo-"


class StaffBackend(ModelBackend):
    """Django's own, but for the demonstration's log-ins: these live in a demonstration alone.

    A database that was once shown may later serve in earnest; then nobody gets in by a password
    that stood on a screen, and sessions that were open are over.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        if user is not None and user.get_username().startswith(DEMO_PREFIX) and not settings.DEMO:
            return False
        return super().user_can_authenticate(user)
