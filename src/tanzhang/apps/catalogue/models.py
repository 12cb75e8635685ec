"""Packs and programmes as they were loaded, with small numbers for stored rows to name them by."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class SourceFile(models.Model):
    """A file of the packs folder as it was last loaded; all of them together can be compiled again.

    ``path`` is relative to the folder, with slashes.
    """

    path = models.TextField(primary_key=True)
    text = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "source_file"


class Pack(models.Model):
    """A methodology 方法学, over all its versions."""

    id = models.SmallAutoField(primary_key=True)
    code = models.TextField(unique=True)

    class Meta:
        db_table = "pack"


class PackVersion(models.Model):
    """One version, for acts of local days [valid_from, valid_to).

    A version whose factors change by the year has one row for each edition. ``digest`` covers what
    decides amounts, so that no other rules can take a version's name; its end may be set later.
    ``source`` is the text of its files by path.
    """

    id = models.SmallAutoField(primary_key=True)
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT)
    loaded_at = models.DateTimeField(db_default=Now())
    valid_from = models.IntegerField()
    valid_to = models.IntegerField()
    version = models.TextField()
    digest = models.BinaryField()
    source = models.JSONField()

    class Meta:
        db_table = "pack_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pack", "version"], name="pack_version_once"),
            models.CheckConstraint(
                condition=models.Q(valid_from__lt=models.F("valid_to")),
                name="pack_version_has_days",
            ),
        ]


class Programme(models.Model):
    """A 碳普惠机制. Its time zone never changes: stored local days were read in it."""

    id = models.SmallAutoField(primary_key=True)
    code = models.TextField(unique=True)
    time_zone = models.TextField()

    class Meta:
        db_table = "programme"


class ProgrammeVersion(models.Model):
    """One version of a programme's rules, for acts of local days [valid_from, valid_to)."""

    id = models.SmallAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    loaded_at = models.DateTimeField(db_default=Now())
    valid_from = models.IntegerField()
    valid_to = models.IntegerField()
    version = models.TextField()
    digest = models.BinaryField()
    source = models.JSONField()

    class Meta:
        db_table = "programme_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "version"], name="programme_version_once"),
            models.CheckConstraint(
                condition=models.Q(valid_from__lt=models.F("valid_to")),
                name="programme_version_has_days",
            ),
        ]


class Scene(models.Model):
    """A 场景 of a programme, and the pack that it last named (the version in force decides)."""

    id = models.SmallAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT)
    code = models.TextField()

    class Meta:
        db_table = "scene"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "code"], name="scene_once"),
        ]


class LimitName(models.Model):
    """The small number by which stored cuts name a limit's identity (owner, name)."""

    id = models.AutoField(primary_key=True)
    owner = models.TextField()
    name = models.TextField()

    class Meta:
        db_table = "limit_name"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="limit_name_once"),
        ]


class Activation(models.Model):
    """A proposal that some versions count from a local day on.

    It changes nothing until it is decided. A version may be activated more than once: from an
    earlier day, or with the end that its file states by now.
    """

    id = models.AutoField(primary_key=True)
    proposed_at = models.DateTimeField(db_default=Now())
    from_day = models.IntegerField()
    proposed_by = models.TextField()
    note = models.TextField()

    class Meta:
        db_table = "activation"
        constraints: ClassVar = [
            # What a decision refers to, so that it cannot name another proposer.
            models.UniqueConstraint(fields=["id", "proposed_by"], name="activation_proposer"),
            models.CheckConstraint(
                condition=~models.Q(proposed_by=""), name="activation_names_proposer"
            ),
        ]


class ActivationItem(models.Model):
    """One version that an activation is about, and the end that it agrees to (exclusive)."""

    id = models.AutoField(primary_key=True)
    activation = models.ForeignKey(Activation, on_delete=models.PROTECT, related_name="items")
    end = models.IntegerField()
    pack_version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, null=True)
    programme_version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, null=True)

    class Meta:
        db_table = "activation_item"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(pack_version__isnull=False, programme_version__isnull=True)
                | models.Q(pack_version__isnull=True, programme_version__isnull=False),
                name="activation_item_is_one_version",
            ),
            models.UniqueConstraint(
                fields=["activation", "pack_version"], name="activation_item_pack_once"
            ),
            models.UniqueConstraint(
                fields=["activation", "programme_version"], name="activation_item_programme_once"
            ),
        ]


class ActivationDecision(models.Model):
    """What became of a proposal; there is one decision for each.

    ``approved`` and ``refused`` are another person's, ``withdrawn`` is the proposer's own, and
    ``installed`` is the installation's, for what was loaded into an empty catalogue. The database
    holds this by a check, and by a foreign key (number, proposer) which migration 0002 adds.
    """

    DECISIONS: ClassVar = ("approved", "refused", "withdrawn", "installed")

    activation = models.OneToOneField(
        Activation, on_delete=models.PROTECT, primary_key=True, related_name="decision"
    )
    decided_at = models.DateTimeField(db_default=Now())
    decision = models.TextField()
    proposed_by = models.TextField()
    decided_by = models.TextField()
    note = models.TextField()

    class Meta:
        db_table = "activation_decision"
