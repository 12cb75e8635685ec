"""Who acts. A subject is one natural person, household or unit; every other row knows her by id."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact

from tanzhang.apps.people.access import models as access_models
from tanzhang.apps.people.consenting import models as consent_models
from tanzhang.apps.people.erasure import models as erasure_models
from tanzhang.apps.people.identity import models as identity_models
from tanzhang.apps.people.joining import models as joining_models
from tanzhang.apps.people.requests import models as request_models
from tanzhang.apps.people.subjects import models as subject_models
from tanzhang.apps.people.subjects.kinds import AccountKind
from tanzhang.apps.people.vault import models as vault_models
from tanzhang.engine.packs.accounts import FIRST_POINTS_UNIT

AccessEntry = access_models.AccessEntry
AccessCut = access_models.AccessCut
IndexKey = vault_models.IndexKey
InstallationSecret = vault_models.InstallationSecret
MasterKey = vault_models.MasterKey
PersonalField = vault_models.PersonalField
PersonKey = vault_models.PersonKey
RightsRequest = request_models.RightsRequest
RightsStep = request_models.RightsStep
AccountState = erasure_models.AccountState
Erasure = erasure_models.Erasure
Child = consent_models.Child
Consent = consent_models.Consent
ConsentGiving = consent_models.ConsentGiving
ConsentText = consent_models.ConsentText
Disclosure = consent_models.Disclosure
ImpactAssessment = consent_models.ImpactAssessment
ImpactDecision = consent_models.ImpactDecision
ImpactEnd = consent_models.ImpactEnd
IdentityCase = identity_models.IdentityCase
IdentityCaseStep = identity_models.IdentityCaseStep
IdentityDecision = identity_models.IdentityDecision
IdentityEvent = identity_models.IdentityEvent
IdentityProposal = identity_models.IdentityProposal
IdentityVouch = identity_models.IdentityVouch
LastLogIn = identity_models.LastLogIn
Membership = subject_models.Membership
Invitation = subject_models.Invitation
CohortMember = joining_models.CohortMember
JoiningGround = joining_models.JoiningGround
JoiningRecord = joining_models.JoiningRecord
PeopleListEntry = joining_models.PeopleListEntry
StageChange = joining_models.StageChange
StageDecision = joining_models.StageDecision
SurveyCount = joining_models.SurveyCount
SurveyReply = joining_models.SurveyReply


class Kind(models.TextChoices):
    """Whether people here are real: only in a ``live`` installation they may be."""

    LIVE = "live"
    SANDBOX = "sandbox"
    DEMONSTRATION = "demonstration"


class Installation(models.Model):
    """The one row that says which installation this is, and what for.

    ``public_id``, drawn once, names it in what it signs and in what its vault's boxes are bound to.
    ``kind`` changes only while there is no account (a trigger holds it), and only by the owner.
    """

    id = models.SmallIntegerField(primary_key=True, db_default=1)
    created_at = models.DateTimeField(db_default=Now())
    kind = models.TextField(db_default=Kind.LIVE)
    public_id = models.BinaryField()

    class Meta:
        db_table = "installation"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["live", "sandbox", "demonstration"]),
                name="installation_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Exact(Length("public_id"), 8), name="installation_public_id_is_8_bytes"
            ),
        ]


class Subject(models.Model):
    """Whose acts are settled together. ``key`` salts the log's leaves; erasing it blinds them."""

    id = models.BigAutoField(primary_key=True)
    key = models.BinaryField()

    class Meta:
        db_table = "subject"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Exact(Length("key"), 32), name="subject_key_is_32_bytes"
            ),
        ]


class Account(models.Model):
    """A carbon account 碳账户: of one subject, in one programme, for ever.

    ``joined_day`` is a local day of the programme, in days since 1970-01-01. The programme is a row
    of a room above, which adds the foreign key. ``points_unit`` is the ledger's number of what its
    points are counted in, by the programme's file on the day when it was opened.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT)
    opened_at = models.DateTimeField(db_default=Now())
    joined_day = models.IntegerField()
    programme_id = models.SmallIntegerField()
    handle = models.TextField(unique=True)
    kind = models.SmallIntegerField(choices=AccountKind, db_default=AccountKind.PERSON)
    points_unit = models.SmallIntegerField(db_default=FIRST_POINTS_UNIT)

    class Meta:
        db_table = "account"
        constraints: ClassVar = [
            # What knows both an account and its subject refers to the pair, so that they agree.
            models.UniqueConstraint(fields=["id", "subject"], name="account_of_subject"),
            models.CheckConstraint(condition=~models.Q(handle=""), name="account_has_handle"),
            models.CheckConstraint(
                condition=models.Q(kind__gte=0, kind__lte=6), name="account_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(points_unit__gte=2, points_unit__lte=8),
                name="account_points_unit_is_known",
            ),
        ]


class SubjectLink(models.Model):
    """That two subjects are one natural person for acts of local days [from_day, to_day).

    Open if ``to_day`` is null; one that was a mistake has ``withdrawn_at`` and counts for nothing.
    ``factor`` says how it was proved, ``undone_why`` why it was ended or withdrawn. A constraint
    of the migration lets no two links of one pair hold at once.
    """

    id = models.BigAutoField(primary_key=True)
    one_subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    other_subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    from_day = models.IntegerField()
    to_day = models.IntegerField(null=True)
    factor = models.TextField()
    undone_why = models.TextField(null=True)

    class Meta:
        db_table = "subject_link"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(one_subject__lt=models.F("other_subject")),
                name="subject_link_names_the_lesser_first",
            ),
            models.CheckConstraint(
                condition=models.Q(to_day=None) | models.Q(to_day__gt=models.F("from_day")),
                name="subject_link_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(factor=""), name="subject_link_says_how_it_was_proved"
            ),
            models.CheckConstraint(
                condition=models.Q(undone_why__isnull=False)
                | models.Q(to_day=None, withdrawn_at=None),
                name="subject_link_says_why_it_was_undone",
            ),
        ]


class PartnerLink(models.Model):
    """The account that a partner's own reference means; only a keyed hash of it is kept.

    Account and subject refer to ``account`` as a pair, here and in ``Consent`` (see the migration).
    ``phone_told`` is a keyed digest of the number that the partner told last (``is_news``).
    """

    pk = models.CompositePrimaryKey("partner_id", "person_ref")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_constraint=False)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    partner_id = models.SmallIntegerField()
    person_ref = models.BinaryField()
    phone_told = models.BinaryField(null=True)

    class Meta:
        db_table = "partner_link"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Exact(Length("person_ref"), 16), name="partner_link_ref_is_16_bytes"
            ),
        ]


class PhoneLogin(models.Model):
    """The account that a phone opens: found by a keyed hash of the number, which is sealed.

    Without ``index_key`` the hash is under the installation's secret, from before there was a
    vault; the number comes with the next hand-over that names it.
    """

    phone_index = models.BinaryField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_constraint=False)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    linked_at = models.DateTimeField(db_default=Now())
    index_key = models.ForeignKey(IndexKey, on_delete=models.PROTECT, null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "phone_login"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(index_key=None, sealed=None)
                | models.Q(index_key__isnull=False, sealed__isnull=False),
                name="phone_login_index_has_key",
            ),
            models.CheckConstraint(
                condition=Exact(Length("phone_index"), 32), name="phone_login_index_is_32_bytes"
            ),
        ]


class OneTimeCode(models.Model):
    """A code under way to a phone, known or not; the code itself only as a keyed hash.

    The number is sealed (``vault.put_aside``): whoever types the right code shows that it is hers.
    """

    id = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField()
    phone_index = models.BinaryField()
    sealed_phone = models.TextField(null=True)
    address_index = models.BinaryField()
    code_hash = models.BinaryField()

    class Meta:
        db_table = "one_time_code"
        indexes: ClassVar = [
            models.Index(fields=["phone_index", "made_at"], name="one_time_code_of_phone"),
            models.Index(fields=["address_index", "made_at"], name="one_time_code_of_network"),
        ]


class ChannelLogin(models.Model):
    """The account that a log-in of another platform opens; only a keyed hash of it is kept.

    One account may have several channels, and of each channel one log-in.
    """

    pk = models.CompositePrimaryKey("channel", "subject_index")
    channel = models.TextField()
    subject_index = models.BinaryField()
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    linked_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "channel_login"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "channel"], name="channel_login_one_a_channel"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=["wechat", "alipay"]),
                name="channel_login_channel_is_known",
            ),
            models.CheckConstraint(
                condition=Exact(Length("subject_index"), 32),
                name="channel_login_index_is_32_bytes",
            ),
        ]
