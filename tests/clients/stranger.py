"""A stranger on this machine, who has a folder, a shell and the partner pages."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Stranger:
    """A folder to work in, and a shell's environment."""

    folder: Path
    environment: dict[str, str]
    port: int

    @property
    def url(self) -> str:
        """Where her sandbox answers."""
        return self.environment["TANZHANG_URL"]

    def types(self, block: str, where: Path | None = None) -> str:
        """What a block of commands prints; it fails if one of them does."""
        done = self.tries(block, where)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def tries(self, block: str, where: Path | None = None) -> subprocess.CompletedProcess[str]:
        """A block of commands that may fail."""
        return subprocess.run(
            ["/bin/sh", "-ec", self.on_our_port(block)],
            cwd=where or self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def on_our_port(self, text: str) -> str:
        """The text with her sandbox's port instead of the page's."""
        return text.replace("127.0.0.1:8001", f"127.0.0.1:{self.port}").replace(
            "--sandbox up", f"--sandbox up --port {self.port}"
        )


def blocks(page: str) -> list[tuple[str, str]]:
    """The fenced blocks of a partner page: language and text."""
    text = (ROOT / "docs" / "partners" / page).read_text(encoding="utf-8")
    return [(found[1], found[2]) for found in _BLOCK.finditer(text)]
