"""The forms of this surface."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class PhoneForm(forms.Form):
    """Which phone."""

    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        max_length=32,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )


class CodeForm(forms.Form):
    """The code that was sent."""

    code = forms.CharField(
        label=gettext_lazy("Code of six digits"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class IdentityForm(forms.Form):
    """An identity number, to be compared with what a host vouched for; it is not kept."""

    number = forms.CharField(
        label=gettext_lazy("Identity number"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class RecoveryForm(forms.Form):
    """Which account, and a number that is hers now."""

    handle = forms.CharField(
        label=gettext_lazy("Name of the carbon account"),
        help_text=gettext_lazy("For example citic-7k3m-9x2q-4v8d. It stands under “Me”."),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone number that you have now"),
        max_length=32,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )
    number = forms.CharField(
        label=gettext_lazy("Identity number, if your bank vouched for it"),
        help_text=gettext_lazy(
            "It is compared and not kept. Without it, the operator asks for a document."
        ),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class GroupNameForm(forms.Form):
    """What a household or team is called among its members."""

    name = forms.CharField(label=gettext_lazy("Name, for its members alone"), max_length=40)


class InvitationForm(forms.Form):
    """The code that somebody gave."""

    code = forms.CharField(
        label=gettext_lazy("Code of invitation"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
