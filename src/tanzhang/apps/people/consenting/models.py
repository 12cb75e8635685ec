"""What people agreed to: the words, each giving with its evidence, and when it holds."""

from __future__ import annotations

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact

#: What consent may be for; ``purposes.yaml`` says in words what each one is.
PURPOSES: Final = (
    "collect",
    "sensitive",
    "share_balance",
    "cross_border",
    "photo",
    "guardian",
)

#: What makes an input sensitive (PIPL 28).
KINDS: Final = ("health", "location", "financial")

#: Where somebody pressed the button. ``unstated``: before this was kept, or by a program.
CHANNELS: Final = ("h5", "host", "mini_program", "console", "unstated")


class ConsentText(models.Model):
    """One version of what people agree to, word by word; ``digest`` is SM3 over both languages.

    ``material``: purpose, method or kinds of data differ from the version before, so that whoever
    agreed to that one has to be asked again.
    """

    id = models.SmallAutoField(primary_key=True)
    issued_at = models.DateTimeField(db_default=Now())
    code = models.TextField()
    version = models.TextField()
    material = models.BooleanField(db_default=False)
    zh = models.TextField()
    en = models.TextField()
    digest = models.BinaryField()

    class Meta:
        db_table = "consent_text"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="consent_text_once"),
            models.CheckConstraint(
                condition=Exact(Length("digest"), 32), name="consent_text_digest_is_32_bytes"
            ),
        ]


class ConsentGiving(models.Model):
    """That somebody pressed a button: which words she saw, where, when, and what the button said.

    ``press`` is the number of the form that she sent: one form is pressed once, and a giving has
    one purpose, so that one tick never makes two consents. ``handler`` is who was named to her as
    responsible, with the address to write to. ``given_by`` is her guardian, if it was not herself.
    """

    id = models.BigAutoField(primary_key=True)
    press = models.UUIDField(unique=True)
    subject = models.ForeignKey(
        "people.Subject", on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, db_constraint=False)
    given_us = models.BigIntegerField()
    purpose = models.TextField()
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, db_index=False)
    channel = models.TextField()
    button = models.TextField()
    handler = models.TextField()
    given_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        db_table = "consent_giving"
        constraints: ClassVar = [
            # What follows from a giving repeats it whole, so that the two agree (see Consent).
            models.UniqueConstraint(
                fields=["id", "account", "purpose", "text"], name="consent_giving_whole"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=CHANNELS), name="consent_giving_channel_is_known"
            ),
            models.CheckConstraint(
                condition=(~models.Q(purpose="guardian") & models.Q(given_by=None))
                | (
                    models.Q(purpose="guardian", given_by__isnull=False)
                    & ~models.Q(given_by=models.F("account"))
                ),
                name="consent_giving_by_her_or_guardian",
            ),
        ]


class Consent(models.Model):
    """Consent 授权 for one purpose over [from_us, to_us); open if ``to_us`` is null.

    ``partner_id`` is the source it is for, or null for a purpose that has none. ``kinds`` says
    which sensitive data it is about. ``text`` is what was agreed to; fictitious people who were
    enrolled agreed to nothing, and have neither text nor giving. Only the end of a row changes.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.ForeignKey(
        "people.Subject", on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    account = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    from_us = models.BigIntegerField()
    to_us = models.BigIntegerField(null=True)
    partner_id = models.SmallIntegerField(null=True)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, null=True, db_index=False)
    purpose = models.TextField(db_default="collect")
    kinds = ArrayField(models.TextField(), db_default=[])
    giving = models.ForeignKey(
        ConsentGiving, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False
    )

    class Meta:
        db_table = "consent"
        indexes: ClassVar = [
            models.Index(fields=["account", "partner_id", "purpose"], name="consent_of_account")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(to_us=None) | models.Q(to_us__gte=models.F("from_us")),
                name="consent_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["account", "partner_id", "purpose"],
                condition=models.Q(to_us=None),
                nulls_distinct=False,
                name="consent_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=PURPOSES), name="consent_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(purpose="sensitive", kinds__len__gt=0)
                | (~models.Q(purpose="sensitive") & models.Q(kinds__len=0)),
                name="consent_names_what_is_sensitive",
            ),
            # Consent that the law wants separate: a press of its own for each one.
            models.CheckConstraint(
                condition=models.Q(purpose="collect")
                | models.Q(text=None)
                | models.Q(giving__isnull=False),
                name="consent_separate_has_giving",
            ),
            models.UniqueConstraint(
                fields=["giving"],
                condition=~models.Q(purpose="collect"),
                name="consent_separate_once",
            ),
        ]


class Disclosure(models.Model):
    """That a partner read what belongs to a person, under which consent; her own to look at."""

    id = models.BigAutoField(primary_key=True)
    subject = models.ForeignKey("people.Subject", on_delete=models.PROTECT, db_index=False)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField(db_default=Now())
    partner_id = models.SmallIntegerField()
    what = models.TextField()

    class Meta:
        db_table = "disclosure"
        indexes: ClassVar = [models.Index(fields=["subject", "-id"], name="disclosure_of_subject")]


class Child(models.Model):
    """That an account's owner was under 14 when she joined, and the instant at which she is not.

    Of her birthday nothing else is kept. What was agreed to before ``fourteen_us`` ends there.
    """

    account = models.OneToOneField(
        "people.Account", on_delete=models.PROTECT, primary_key=True, db_constraint=False
    )
    subject = models.ForeignKey(
        "people.Subject", on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    noted_at = models.DateTimeField(db_default=Now())
    fourteen_us = models.BigIntegerField()

    class Meta:
        db_table = "child"


class ImpactAssessment(models.Model):
    """An impact assessment 个人信息保护影响评估 of what one partner does for one purpose.

    Over [valid_from, valid_until); it holds once another person has approved it. ``fields`` are
    ``<scene>/<field>`` for collecting, and names of what is read for sharing. ``contract`` is that
    of an entrusted partner, who handles data in our name; ``mechanism`` by what right data may go
    to a ``country`` other than CN; ``owner`` the log-in of whoever here answers for the connection.
    """

    id = models.AutoField(primary_key=True)
    partner_id = models.SmallIntegerField(db_index=True)
    purpose = models.TextField()
    fields = ArrayField(models.TextField())
    country = models.TextField()
    mechanism = models.TextField(null=True)
    contract = models.TextField(null=True)
    sub_processors = ArrayField(models.TextField(), db_default=[])
    necessity = models.TextField()
    impact = models.TextField()
    measures = models.TextField()
    owner = models.TextField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    is_fictitious = models.BooleanField()
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "impact_assessment"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["id", "proposed_by"], name="impact_assessment_by_its_author"
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=PURPOSES), name="impact_assessment_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")),
                name="impact_assessment_has_days",
            ),
            models.CheckConstraint(
                condition=models.Q(fields__len__gt=0), name="impact_assessment_names_fields"
            ),
            models.CheckConstraint(
                condition=models.Q(country__regex="^[A-Z]{2}$"),
                name="impact_assessment_country_is_a_code",
            ),
            models.CheckConstraint(
                condition=models.Q(country="CN") | models.Q(mechanism__isnull=False),
                name="impact_assessment_abroad_by_right",
            ),
            models.CheckConstraint(
                condition=~models.Q(necessity="")
                & ~models.Q(impact="")
                & ~models.Q(measures="")
                & ~models.Q(owner="")
                & ~models.Q(proposed_by=""),
                name="impact_assessment_says_who_and_why",
            ),
        ]


class ImpactDecision(models.Model):
    """What became of a proposed assessment. Whoever approves or refuses is not who proposed."""

    assessment = models.OneToOneField(
        ImpactAssessment, on_delete=models.PROTECT, primary_key=True, db_constraint=False
    )
    decided_at = models.DateTimeField(db_default=Now())
    decision = models.TextField()
    proposed_by = models.TextField()
    decided_by = models.TextField()
    note = models.TextField()

    class Meta:
        db_table = "impact_decision"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decision__in=["approved", "refused", "withdrawn"]),
                name="impact_decision_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="withdrawn", decided_by=models.F("proposed_by"))
                | (
                    models.Q(decision__in=["approved", "refused"])
                    & ~models.Q(decided_by=models.F("proposed_by"))
                ),
                name="impact_decision_by_the_right_person",
            ),
        ]


class ImpactEnd(models.Model):
    """That an approved assessment ended before its time, and what became of the partner's data."""

    assessment = models.OneToOneField(ImpactAssessment, on_delete=models.PROTECT, primary_key=True)
    ended_at = models.DateTimeField(db_default=Now())
    ended_by = models.TextField()
    reason = models.TextField()
    data_left = models.TextField()

    class Meta:
        db_table = "impact_end"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(data_left__in=["none", "returned", "deleted"]),
                name="impact_end_says_what_became_of_data",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(ended_by=""),
                name="impact_end_has_reason",
            ),
        ]
