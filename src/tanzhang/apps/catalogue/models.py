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
