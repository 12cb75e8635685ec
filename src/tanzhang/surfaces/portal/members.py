"""The people of a partner: who they are, and letting them in and out.

A member belongs to one partner for good and is no staff: the console lets in staff alone, and this
portal lets in nobody who is staff.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tanzhang.apps.people.api import installation
from tanzhang.config.staff import DEMO_PREFIX
from tanzhang.problems import Problem
from tanzhang.surfaces.portal.journal import record
from tanzhang.surfaces.portal.models import PortalMember, Role, Verb

#: What a log-in may be called; the length is that of Django's column.
validate_name: Final = UnicodeUsernameValidator()
_LONGEST_NAME: Final = 150

#: Letters and digits that nobody takes for one another when reading them out.
_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_PASSWORD_CHARACTERS: Final = 16  #: 80 bits


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a partner."""

    id: int
    name: str
    partner_id: int
    role: Role
    is_open: bool
    password_is_temporary: bool

    @property
    def is_manager(self) -> bool:
        """Whether she may change things."""
        return self.role is Role.MANAGER


def member_of(user: User | AnonymousUser | Any) -> Member | None:
    """The member that a log-in is; nobody's if it is closed, or staff's."""
    if not isinstance(user, User) or user.is_staff or user.is_superuser or not user.is_active:
        return None
    found = PortalMember.objects.filter(user=user).first()
    return None if found is None else _entry(found, user)


def members_of(partner_id: int) -> list[Member]:
    """Everybody who ever had a log-in of a partner, by name."""
    found = PortalMember.objects.filter(partner_id=partner_id).select_related("user")
    return [_entry(row, row.user) for row in found.order_by("user__username")]


def add_member(partner_id: int, name: str, role: Role, *, by: str) -> str:
    """A new log-in; returns its one-time password, which is stored nowhere.

    Raises ``portal.name_unfit`` and ``portal.name_taken``.
    """
    _check_name(name)
    password = _new_password()
    with transaction.atomic():
        try:
            with transaction.atomic():
                user = User.objects.create_user(name, password=password)
        except IntegrityError:
            raise Problem("portal.name_taken", name=name) from None
        PortalMember.objects.create(
            user=user, partner_id=partner_id, role=role, password_is_temporary=True
        )
        record(partner_id, Verb.MEMBER_ADDED, name, role.value, name=by)
    return password


def add_demo_member(partner_id: int, name: str) -> None:
    """The log-in of a demonstration, which keeps the password that stands on the screen."""
    with transaction.atomic():
        add_member(partner_id, name, Role.MANAGER, by="demonstration")
        PortalMember.objects.filter(user__username=name).update(password_is_temporary=False)


def close_member(partner_id: int, name: str, *, by: str) -> None:
    """Let somebody in no more, from her next page on. Raises ``portal.member_unknown``."""
    with transaction.atomic():
        user = _open_user(partner_id, name)
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        record(partner_id, Verb.MEMBER_CLOSED, name, name=by)


def renew_password(partner_id: int, name: str, *, by: str) -> str:
    """A new one-time password; the old one and every session end. Raises as ``close_member``."""
    password = _new_password()
    with transaction.atomic():
        user = _open_user(partner_id, name)
        user.set_password(password)
        user.save(update_fields=["password"])
        PortalMember.objects.filter(user=user).update(password_is_temporary=True)
        record(partner_id, Verb.PASSWORD_RENEWED, name, name=by)
    return password


def keep_password(member: Member) -> None:
    """Note that a member has chosen a password of her own; part of the transaction that sets it."""
    PortalMember.objects.filter(user_id=member.id).update(password_is_temporary=False)
    record(
        member.partner_id,
        Verb.PASSWORD_CHANGED,
        member.name,
        member_id=member.id,
        name=member.name,
    )


def _open_user(partner_id: int, name: str) -> User:
    found = (
        PortalMember.objects.select_related("user")
        .filter(partner_id=partner_id, user__username=name, user__is_active=True)
        .first()
    )
    if found is None:
        raise Problem("portal.member_unknown", name=name[:150])
    user: User = found.user
    return user


def _check_name(name: str) -> None:
    """A name that Django takes; one of a demonstration only where nobody is real."""
    try:
        validate_name(name)
    except ValidationError:
        raise Problem("portal.name_unfit", name=name[:150]) from None
    if len(name) > _LONGEST_NAME:
        raise Problem("portal.name_unfit", name=name[:_LONGEST_NAME])
    if name.startswith(DEMO_PREFIX) and not installation().is_fictitious:
        raise Problem("portal.name_unfit", name=name)


def _new_password() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_PASSWORD_CHARACTERS))


def _entry(row: PortalMember, user: User) -> Member:
    return Member(
        id=user.pk,
        name=user.get_username(),
        partner_id=row.serializable_value("partner_id"),
        role=Role(row.role),
        is_open=user.is_active,
        password_is_temporary=row.password_is_temporary,
    )
