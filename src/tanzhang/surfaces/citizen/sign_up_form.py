"""The sign-up form, made from the programme's file: what is typed, and which kind of account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext

from tanzhang.apps.people.api import vault
from tanzhang.engine.packs.joining.section import FormField
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.applying import Application
from tanzhang.surfaces.look import moments

KIND: Final = "kind"

#: How a field is typed and filled in by the browser, where that helps.
_HINTS: Final[Mapping[str, Mapping[str, str]]] = {
    "name": {"autocomplete": "name"},
    "email": {"autocomplete": "email", "inputmode": "email"},
    "address": {"autocomplete": "street-address"},
    "employer": {"autocomplete": "organization"},
    "organisation": {"autocomplete": "organization"},
    "birth_year": {"inputmode": "numeric", "autocomplete": "bday-year"},
    "guardian_phone": {"inputmode": "tel"},
}


class SignUpForm(forms.Form):
    """The fields that somebody fills in herself. Its answers are by the names of the vault."""

    def __init__(self, case: Application, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        self._case = case
        spoken = moments.language()
        kinds = case.joining.form.kinds
        if len(kinds) > 1:
            titles = [(kind, case.file.accounts[kind].title[spoken]) for kind in kinds]
            self.fields[KIND] = forms.ChoiceField(label=gettext("Kind of account"), choices=titles)
        for name, asked in case.typed.items():
            self.fields[name] = self._field(asked)

    @property
    def kind(self) -> str:
        """The kind of account that she chose, or the only one that there is."""
        return str(self.cleaned_data.get(KIND) or self._case.joining.form.kinds[0])

    @property
    def answers(self) -> dict[str, str]:
        """What she typed, by field."""
        return {name: self.cleaned_data.get(name, "") for name in self._case.typed}

    def clean(self) -> dict[str, Any]:
        """Hold each field to its shape, and ask for those that the chosen kind needs."""
        given: dict[str, Any] = super().clean() or {}
        kind = given.get(KIND) or self._case.joining.form.kinds[0]
        for name, asked in self._case.typed.items():
            text = given.get(name, "")
            if not text and asked.required and (not asked.kinds or kind in asked.kinds):
                if name not in self.errors:
                    self.add_error(name, gettext("Please fill this in."))
                continue
            try:
                vault.field_named(name).plain(text)
            except Problem as problem:
                self.add_error(name, problem.part("what", moments.language()))
        return given

    def _field(self, asked: FormField) -> forms.CharField:
        spoken = moments.language()
        declared = vault.field_named(asked.name)
        label = declared.title[spoken]
        if not asked.required:
            label = gettext("%(field)s (you may leave this empty)") % {"field": label}
        elif asked.kinds and len(asked.kinds) < len(self._case.joining.form.kinds):
            titles = [self._case.file.accounts[kind].title[spoken] for kind in asked.kinds]
            named = ("、" if spoken == "zh" else ", ").join(titles)
            label = gettext("%(field)s (only for: %(kinds)s)") % {"field": label, "kinds": named}
        purpose = asked.purpose[spoken]
        if asked.law is not None:
            purpose = f"{purpose} {asked.law[spoken]}"
        return forms.CharField(
            label=label,
            help_text=purpose,
            required=False,  # ``clean`` says it in our own words
            max_length=500,
            widget=forms.TextInput(dict(_HINTS.get(asked.name, {}))),
        )
