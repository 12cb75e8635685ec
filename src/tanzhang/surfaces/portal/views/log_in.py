"""Logging in and out, and choosing a password of one's own."""

from __future__ import annotations

from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tanzhang.surfaces.portal.forms import LogInForm, PasswordForm
from tanzhang.surfaces.portal.members import keep_password, member_of
from tanzhang.surfaces.portal.pages import done, kind, page
from tanzhang.surfaces.portal.visitor import Visit, for_members

UNPROCESSABLE = 422


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password."""
    if member_of(request.user) is not None:
        return HttpResponseRedirect(reverse("portal:overview"))
    form = LogInForm(request, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return HttpResponseRedirect(reverse("portal:overview"))
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "portal/log_in.html", {"form": form, "kind": kind()}, status=status)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Forget who was here."""
    logout(request)
    return HttpResponseRedirect(reverse("portal:log_in"))


@sensitive_post_parameters("new_password1", "new_password2")
@require_http_methods(["GET", "HEAD", "POST"])
@for_members(temporary=True)
def password(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A password of one's own in place of the present one."""
    user = request.user
    assert isinstance(user, User)  # a member is one
    form = PasswordForm(user, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return page(request, visit, "password", "", status=status, form=form)
    with transaction.atomic():
        form.save()
        keep_password(visit.member)
    update_session_auth_hash(request, user)
    return done(request, _("The password is changed."), "overview")
