"""How log-ins are kept at the console and the portal, and what unfold shows round its pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "tanzhang.config.staff.StaffBackend",
]

#: What a password of the console has to be; Django asks for nothing by itself.
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": _VALIDATION + "UserAttributeSimilarityValidator"},
    {"NAME": _VALIDATION + "CommonPasswordValidator"},
    {"NAME": _VALIDATION + "NumericPasswordValidator"},
]

#: Five wrong passwords for one name from one address close that pair for a quarter of an hour.
#: The pair, because an address is shared by an office and a name alone could be locked by anybody.
AXES: dict[str, Any] = {
    "AXES_FAILURE_LIMIT": 5,
    "AXES_COOLOFF_TIME": timedelta(minutes=15),
    "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
    "AXES_RESET_ON_SUCCESS": True,
    "AXES_LOCKOUT_CALLABLE": "tanzhang.config.lockout.locked_out",
    "AXES_CLIENT_IP_CALLABLE": "tanzhang.config.requests.address_of",
    "AXES_ENABLE_ADMIN": False,
    "AXES_VERBOSE": False,
}


def _item(title: Any, icon: str, page: str, permission: str = "look") -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"console:{page}"),
        "permission": lambda request: request.user.has_perm(f"console.{permission}"),
    }


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Tanzhang console"),
    "SITE_HEADER": "Tanzhang 碳账",
    "SITE_SYMBOL": "eco",
    "SITE_URL": None,
    "ENVIRONMENT": "tanzhang.surfaces.console.site.ribbon",
    # Colours stand in a file of ours: the page may hold no inline style.
    "COLORS": {},
    "SIDEBAR": {
        "navigation": [
            {
                "items": [
                    _item(_("Today"), "today", "index"),
                    _item(_("Search"), "search", "find"),
                ]
            },
            {
                "title": _("Rules"),
                "items": [
                    _item(_("Methodology packs"), "science", "packs"),
                    _item(_("Programmes"), "account_tree", "programmes"),
                    _item(_("Proposals"), "how_to_vote", "proposals"),
                ],
            },
            {
                "title": _("Work"),
                "items": [
                    _item(_("Partners"), "handshake", "partners"),
                    _item(_("Impact assessments"), "policy", "assessments"),
                    _item(_("Suspicions"), "key_off", "suspicions"),
                    _item(_("Pieces"), "inbox", "pieces"),
                    _item(_("Workers"), "engineering", "workers"),
                    _item(_("Held acts"), "pan_tool", "held"),
                    _item(_("Acts in doubt"), "fact_check", "doubts"),
                    _item(_("Appeals"), "gavel", "appeals"),
                    _item(_("Rights requests"), "contact_support", "requests"),
                ],
            },
            {
                "title": _("Books"),
                "items": [
                    _item(_("Accounts"), "person", "accounts"),
                    _item(_("Cases of people"), "assignment_ind", "cases"),
                    _item(_("Cohorts and features"), "science", "cohorts"),
                    _item(_("Ledger"), "account_balance", "ledger"),
                ],
            },
            {
                "title": _("House"),
                "items": [
                    _item(_("What operators did"), "history", "actions", "audit"),
                    _item(_("Staff"), "badge", "auth_user_changelist", "administer"),
                ],
            },
        ],
    },
}
