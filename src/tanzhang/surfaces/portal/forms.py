"""The forms of this surface."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.contrib.auth.signals import user_login_failed
from django.utils.translation import gettext_lazy, pgettext_lazy

from tanzhang.apps.activities.api import BATCH_SETTLED, READY
from tanzhang.surfaces.portal.members import member_of

#: A file of ids, one a line: as many as a busy day has.
MOST_IDS_BYTES: Final = 64 * 1024 * 1024
MOST_COUNTED: Final = 2**53 - 1

_INSTANT: Final = {"type": "datetime-local", "step": "60"}

#: Kinds of messages.
MESSAGES: Final = {
    BATCH_SETTLED: gettext_lazy("A batch is settled"),
    READY: gettext_lazy("A day's file is ready"),
}

#: What a partner may have counted itself.
COUNTS: Final = {
    "received": gettext_lazy("Received"),
    "accepted": pgettext_lazy("verdict", "Accepted"),
    "duplicate": gettext_lazy("Duplicate"),
    "conflict": gettext_lazy("Conflict"),
    "rejected": gettext_lazy("Rejected"),
    "held": gettext_lazy("Held"),
}


class LogInForm(AuthenticationForm):
    """Name and password; whoever is no member hears the same as one who is mistaken."""

    def confirm_login_allowed(self, user: Any) -> None:
        if member_of(user) is None:
            # It counts as a wrong password does, or it would tell staff's passwords apart.
            user_login_failed.send(
                sender=__name__,
                credentials={"username": user.get_username()},
                request=self.request,
            )
            raise self.get_invalid_login_error()


class PasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # not generic when it runs
    """A password of one's own."""


class KeyForm(forms.Form):
    """A public key, what it is for, and from when on."""

    pem = forms.CharField(
        label=gettext_lazy("Public key (PEM)"),
        help_text=gettext_lazy(
            "The public half alone, from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----."
        ),
        max_length=8000,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "class": "mono"}),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        choices=[
            ("sign", gettext_lazy("To sign your requests")),
            ("encrypt", gettext_lazy("To encrypt what is meant for you")),
        ],
    )
    way = forms.ChoiceField(
        label=gettext_lazy("What becomes of the present key"),
        choices=[
            ("rotate", gettext_lazy("It is replaced: it stays good for seven days beside this")),
            ("add", gettext_lazy("It stays as it is: this is a first or a second key")),
        ],
    )
    active_from = forms.DateTimeField(
        label=gettext_lazy("Good from"),
        help_text=gettext_lazy("Left empty: at once."),
        required=False,
        widget=forms.DateTimeInput(_INSTANT),
    )


class RevokeForm(forms.Form):
    """Since when a key is distrusted, and that it is meant."""

    compromised_since = forms.DateTimeField(
        label=gettext_lazy("Compromised since"),
        help_text=gettext_lazy(
            "Left empty if nobody else can have used the key. What it signed since then is held"
            " until the operator has decided."
        ),
        required=False,
        widget=forms.DateTimeInput(_INSTANT),
    )
    confirmed = forms.BooleanField(label=gettext_lazy("Revoke this key for good"), required=False)


class WebhookForm(forms.Form):
    """An address to be told at."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("It begins with https:// and can be reached from outside."),
        max_length=2048,
        widget=forms.TextInput({"inputmode": "url", "spellcheck": "false"}),
    )
    kinds = forms.ChoiceField(
        label=gettext_lazy("What you are told there"),
        required=False,
        choices=[("", gettext_lazy("Everything")), *MESSAGES.items()],
    )


class SpanForm(forms.Form):
    """From when until when."""

    since = forms.DateTimeField(label=gettext_lazy("From"), widget=forms.DateTimeInput(_INSTANT))
    until = forms.DateTimeField(
        label=gettext_lazy("Until before"), widget=forms.DateTimeInput(_INSTANT)
    )


class CountForm(forms.Form):
    """A partner's own count of a day, and the ids of what it sent."""

    ids = forms.FileField(
        label=gettext_lazy("Ids of all events that you sent that day"),
        help_text=gettext_lazy("A text file, one id a line. May be left out."),
        required=False,
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        counts = {
            name: forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=MOST_COUNTED,
                widget=forms.TextInput({"inputmode": "numeric"}),
            )
            for name, label in COUNTS.items()
        }
        self.fields = {**counts, **self.fields}
