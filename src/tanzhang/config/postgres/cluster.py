"""A new data directory, and the settings that its server runs with."""

from __future__ import annotations

import os
import shutil

from tanzhang.config.postgres.account import Account, account_for_initdb
from tanzhang.config.postgres.binaries import program
from tanzhang.config.postgres.layout import PORT, Layout
from tanzhang.problems import Problem

#: The superuser of an embedded server: makes the three roles and the database, nothing else.
SUPERUSER = "postgres"

SETTINGS_FILE = "tanzhang.conf"
MIB = 1024 * 1024


def create(layout: Layout, account: Account) -> None:
    """Make the data directory in one step: it is there whole or not at all.

    The directory is prepared under another name and renamed at the end, so that a crash half way
    leaves only rubbish that the next attempt removes. Text sorts by code point, everywhere alike.
    """
    fresh = layout.home / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    initdb = program("initdb")
    maker = account_for_initdb(account, [fresh, initdb])
    maker.give(fresh)
    done = maker.run(
        [
            initdb,
            f"--pgdata={fresh}",
            f"--username={SUPERUSER}",
            "--auth=trust",  # only whoever may enter the socket's 0700 directory gets that far
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ],
        {},
    )
    if done.returncode:
        raise Problem("embedded.initdb_failed", data=str(layout.data), said=done.stdout.strip())
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(f"\ninclude '{SETTINGS_FILE}'\n")
    (fresh / SETTINGS_FILE).touch()
    account.give(fresh)
    fresh.rename(layout.data)


def write_settings(layout: Layout, account: Account) -> None:
    """Write the settings afresh, so that a new version of the house brings its own."""
    lines = [f"{name} = '{value}'" for name, value in settings(str(layout.socket_directory()))]
    fresh = layout.home / SETTINGS_FILE
    fresh.write_text("\n".join(["# Written at every start.", *lines, ""]), encoding="utf-8")
    account.give(fresh)
    fresh.replace(layout.data / SETTINGS_FILE)


def settings(socket_directory: str) -> list[tuple[str, str]]:
    """For a small machine with a disk that forgets: durable, quiet, no network."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    shared_buffers_mib = max(64, min(1024, memory // MIB // 8))
    return [
        ("listen_addresses", ""),
        ("port", str(PORT)),
        ("unix_socket_directories", socket_directory.replace("'", "''")),
        ("unix_socket_permissions", "0700"),
        ("max_connections", "64"),
        # What was acknowledged is on the disk (I5).
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        # Bulk posting writes in waves: room for them between two checkpoints.
        ("shared_buffers", f"{shared_buffers_mib}MB"),
        ("max_wal_size", "4GB"),
        ("checkpoint_timeout", "15min"),
        ("wal_buffers", "16MB"),
        ("work_mem", "32MB"),
        ("maintenance_work_mem", "128MB"),
        # No disk of today seeks as slowly as the default of 4 assumes; with it, a few hundred keys
        # in a growing table are sought by reading all of it.
        ("random_page_cost", "1.1"),
        ("jit", "off"),  # compiling costs more than it saves in statements this short
        ("autovacuum", "on"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        ("lc_messages", "C"),
        # The log tells what happened, never whose data it happened to.
        ("log_destination", "stderr"),
        ("log_line_prefix", "%m [%p] %u@%d "),
        ("log_error_verbosity", "terse"),
        ("log_min_error_statement", "panic"),
        ("log_parameter_max_length_on_error", "0"),
        ("log_checkpoints", "off"),
    ]
