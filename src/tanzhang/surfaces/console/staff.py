"""Staff: log-ins and their roles. Administrators add and change them; nobody is ever deleted."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.forms import ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from tanzhang.config.staff import DEMO_PREFIX, is_demo
from tanzhang.surfaces.console.journal import record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.pages import may
from tanzhang.surfaces.console.roles import ROLES
from tanzhang.surfaces.console.site import ConsoleSite
from tanzhang.surfaces.console.words import word_of


class RoleField(ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A choice of roles."""

    def label_from_instance(self, obj: Group) -> str:
        return _role(obj)


class NewStaffForm(UserCreationForm):  # type: ignore[misc]  # unfold is untyped
    """A new log-in; a demonstration's log-in adds only others of its kind."""

    asked_by_demo = False

    def clean_username(self) -> str:
        name: str = super().clean_username()
        if self.asked_by_demo and not name.startswith(DEMO_PREFIX):
            raise ValidationError(
                _("A log-in of the demonstration can add only names that begin with “demo-”.")
            )
        return name


class StaffAdmin(UserAdmin, ModelAdmin):  # type: ignore[misc, type-arg]  # unfold is untyped
    """Log-ins of the console. Single permissions are not given: roles are."""

    form = UserChangeForm
    add_form = NewStaffForm
    change_password_form = AdminPasswordChangeForm
    actions = None
    list_display = ("username", "first_name", "last_name", "role_names", "is_active", "last_login")
    list_filter = ()
    search_fields = ("username", "first_name", "last_name")
    filter_horizontal = ()
    fieldsets = [  # noqa: RUF012
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Roles"), {"fields": ("groups", "is_active")}),
    ]
    add_fieldsets = [  # noqa: RUF012
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Staff alone: partners' people are on their partner's page, and never become staff."""
        return super().get_queryset(request).filter(is_staff=True).prefetch_related("groups")

    def role_names(self, user: User) -> str:
        """The roles of a log-in, in one cell."""
        return ", ".join(sorted(_role(group) for group in user.groups.all())) or "–"

    role_names.short_description = _("Roles")  # type: ignore[attr-defined]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles in the reader's words."""
        if db_field.name == "groups":
            words = {"label": _("Roles"), "help_text": _("Several roles can be chosen.")}
            kwargs |= {"form_class": RoleField, **words}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **options)
        form.asked_by_demo = is_demo(request.user)
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Nobody gives herself a role or locks herself out; a name that has acted stays.

        Proposals and actions name people by their log-ins: who could be renamed could approve what
        she proposed.
        """
        if obj is None:
            return ()
        return ("username", "groups", "is_active") if obj.pk == request.user.pk else ("username",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request, "administer")

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may(request, "administer")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request, "administer")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An administrator cannot take over a superuser's log-in, nor a demo one a real one's."""
        if obj is not None and is_demo(request.user) and not is_demo(obj):
            return False
        if obj is not None and obj.is_superuser:
            return isinstance(request.user, User) and request.user.is_superuser
        return may(request, "administer")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool
    ) -> None:
        """Whoever is added here is staff, and has no role yet."""
        obj.is_staff = True
        super().save_model(request, obj, form, change)

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> Any:
        record(request, Verb.ADDED, Kind.STAFF, obj.get_username())
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        roles = ", ".join(sorted(obj.groups.values_list("name", flat=True)))
        record(request, Verb.CHANGED, Kind.STAFF, obj.get_username(), roles)
        return super().log_change(request, obj, message)


def _role(group: Group) -> str:
    """A role in the reader's words; a group of somebody's own by its name."""
    return word_of("role", group.name) if group.name in ROLES else group.name


def register(site: ConsoleSite) -> None:
    """Give the site its page of log-ins."""
    if not site.is_registered(User):
        site.register(User, StaffAdmin)
