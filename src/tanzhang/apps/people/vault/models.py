"""What the vault stores: keys wrapped by keys, sealed fields, and what finds them again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact


class MasterKey(models.Model):
    """A key that wraps person keys, index keys and the secret.

    Itself wrapped by the key store's ``key_id``. The youngest wraps what is new. Older ones stay,
    so that a restored backup can be read.
    """

    id = models.SmallAutoField(primary_key=True)
    made_at = models.DateTimeField(db_default=Now())
    key_id = models.TextField()
    wrapped = models.BinaryField()

    class Meta:
        db_table = "master_key"


class PersonKey(models.Model):
    """One person's key, under a master key; without ``sealed`` once it was destroyed."""

    subject = models.OneToOneField("people.Subject", on_delete=models.PROTECT, primary_key=True)
    made_at = models.DateTimeField(db_default=Now())
    master = models.ForeignKey(MasterKey, on_delete=models.PROTECT, null=True)
    sealed = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "person_key"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    sealed__isnull=False, master__isnull=False, destroyed_at__isnull=True
                )
                | models.Q(sealed__isnull=True, master__isnull=True, destroyed_at__isnull=False),
                name="person_key_is_there_or_destroyed",
            ),
        ]


class IndexKey(models.Model):
    """A key of blind indexes, under a master key; the youngest makes what is new."""

    id = models.SmallAutoField(primary_key=True)
    made_at = models.DateTimeField(db_default=Now())
    master = models.ForeignKey(MasterKey, on_delete=models.PROTECT, db_index=False)
    sealed = models.BinaryField()

    class Meta:
        db_table = "index_key"


class InstallationSecret(models.Model):
    """The key of this installation's hashes, under a master key; drawn once, never another."""

    id = models.SmallIntegerField(primary_key=True, db_default=1)
    made_at = models.DateTimeField(db_default=Now())
    master = models.ForeignKey(MasterKey, on_delete=models.PROTECT, db_index=False)
    sealed = models.BinaryField()

    class Meta:
        db_table = "installation_secret"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="installation_secret_is_one"),
        ]


class PersonalField(models.Model):
    """One field of one person, sealed under her key; ``blind_index`` where it may be looked up."""

    pk = models.CompositePrimaryKey("subject_id", "field")
    subject = models.ForeignKey("people.Subject", on_delete=models.PROTECT, db_index=False)
    field = models.TextField()
    stored_at = models.DateTimeField(db_default=Now())
    sealed = models.BinaryField()
    index_key = models.ForeignKey(IndexKey, on_delete=models.PROTECT, null=True)
    blind_index = models.BinaryField(null=True)

    class Meta:
        db_table = "personal_field"
        indexes: ClassVar = [
            models.Index(
                fields=["blind_index"],
                name="personal_field_found",
                condition=models.Q(blind_index__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(index_key=None, blind_index=None)
                | models.Q(index_key__isnull=False, blind_index__isnull=False),
                name="personal_field_index_has_key",
            ),
            models.CheckConstraint(
                condition=models.Q(models.Q(blind_index=None) | Exact(Length("blind_index"), 32)),
                name="personal_field_index_is_32_bytes",
            ),
        ]
