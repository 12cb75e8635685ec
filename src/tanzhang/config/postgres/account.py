"""Which system user the server runs as.

PostgreSQL refuses to run as root. For anybody else the server is simply her own process. For root
it runs under a number of its own that owns the data directory and nothing else on the machine; no
user is added to the system. If the home or the programs lie where that number cannot pass (a
checkout under ``/root``), the server keeps the one capability to read through directories instead
of having them opened to the world.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tanzhang.problems import Problem

#: From the range that distributions and systemd leave unused (60578 to 61183).
FIRST_SERVICE_UID = 60979

#: Capabilities with their bit in /proc/self/status. Either of the first two lets a process pass
#: through closed directories (the first cannot write, the second is what containers leave to root);
#: the third is needed to hand one on.
PASSING_CAPABILITIES = {"dac_read_search": 2, "dac_override": 1}
SETPCAP = 8


@dataclass(frozen=True, slots=True)
class Account:
    """Runs programs as ``uid``/``gid``; ``prefix`` is put before a command (``setpriv …``)."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def run(
        self,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
        *,
        pass_fds: Sequence[int] = (),
        log: int | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end and capture what it says, with nothing of our environment.

        ``log`` is a descriptor that gets the output instead. The command then has a session of its
        own, so that what it leaves behind in the background hears no signal of our terminal.
        """
        switch = os.geteuid() == 0 and not self.prefix
        try:
            return subprocess.run(
                [*self.prefix, *map(str, command)],
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", **environment},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if log is None else log,
                stderr=subprocess.STDOUT,
                text=True,
                pass_fds=pass_fds,
                start_new_session=log is not None,
                user=self.uid if switch else None,
                group=self.gid if switch else None,
                extra_groups=[] if switch else None,
                check=False,
            )
        except PermissionError as error:
            raise Problem("embedded.account_refused", uid=self.uid) from error

    def give(self, path: Path) -> None:
        """Make this account the owner of a path and of all that is in it (root only)."""
        if os.geteuid() != 0:
            return
        os.chown(path, self.uid, self.gid, follow_symlinks=False)
        for folder, _, names in os.walk(path):
            os.chown(folder, self.uid, self.gid)
            for name in names:
                os.chown(Path(folder) / name, self.uid, self.gid, follow_symlinks=False)


def account_for(home: Path, data: Path, reached: Iterable[Path]) -> Account:
    """The account for the server of ``data``, which must be able to reach ``reached`` as well.

    Raises ``embedded.owner_differs`` if the data belongs to another user and we are not root.
    """
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            raise Problem("embedded.owner_differs", data=str(data))
        return Account(os.geteuid(), os.getegid())
    owner = (data if data.exists() else home).stat()
    uid, gid = (owner.st_uid, owner.st_gid) if owner.st_uid else (_free_uid(),) * 2
    return _with_passage(uid, gid, [data, *reached])


def account_for_initdb(account: Account, reached: Iterable[Path]) -> Account:
    """``initdb`` wants a user with a name: ``nobody`` stands in for a number without one."""
    try:
        pwd.getpwuid(account.uid)
    except KeyError:
        if os.geteuid() != 0:
            raise Problem("embedded.user_nameless", uid=account.uid) from None
        nobody = pwd.getpwnam("nobody")
        return _with_passage(nobody.pw_uid, nobody.pw_gid, reached)
    return account


def _free_uid() -> int:
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    return next(uid for uid in range(FIRST_SERVICE_UID, 61184) if uid not in taken)


def _with_passage(uid: int, gid: int, reached: Iterable[Path]) -> Account:
    """An account that reaches the paths: by plain permissions, else by capability."""
    blocked = [folder for path in reached for folder in path.parents if not _passes(folder, uid)]
    if not blocked:
        return Account(uid, gid)
    setpriv = shutil.which("setpriv")
    capability = next((name for name, bit in PASSING_CAPABILITIES.items() if _held(bit)), None)
    if setpriv is None or capability is None or not _held(SETPCAP):
        raise Problem("embedded.home_unreachable", blocked=str(blocked[0]))
    user = (f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    kept = (f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}")
    # PostgreSQL asks access(2) about its own programs, which forgets the capabilities of anybody
    # but root unless this bit is set.
    return Account(uid, gid, (setpriv, *user, "--securebits=+no_setuid_fixup", *kept, "--"))


def _passes(folder: Path, uid: int) -> bool:
    """Whether the user may pass through a folder by its mode alone (a missing one will be ours)."""
    if not folder.exists():
        return True
    status = folder.stat()
    own = status.st_uid == uid and status.st_mode & stat.S_IXUSR
    return bool(own or status.st_mode & stat.S_IXOTH)


def _held(bit: int) -> bool:
    """Whether this process may hand on a capability (Linux; elsewhere there are none)."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return False
    lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
    return bool(int(lines["CapPrm"], 16) & int(lines["CapBnd"], 16) & (1 << bit))
