"""The stand-in for WeChat's and Alipay's log-in servers as a process, and codes from it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tanzhang.workbench import mini_programs

#: What the browsers of the mini-programs call themselves.
WECHAT = "Mozilla/5.0 (Linux) MicroMessenger/8.0.50 miniProgram/wx-fictitious"
ALIPAY = "Mozilla/5.0 (Linux) AlipayClient/10.6 MiniProgram"


@dataclass(frozen=True)
class Platforms:
    """Where they answer."""

    address: str

    def code(self, channel: str, person: str) -> str:
        """What the app hands to the mini-program when this person opens it."""
        told = httpx.post(f"{self.address}/fictitious/{channel}/code", data={"person": person})
        return str(told.json()["code"])


@contextmanager
def running(folder: Path) -> Iterator[Platforms]:
    """The process, set up as the channels of this installation."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "alipay.pem").write_bytes(pem)
    command = [sys.executable, "-m", mini_programs.__name__, "0"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process,
        pytest.MonkeyPatch.context() as patch,
    ):
        try:
            assert process.stdout is not None
            address = f"http://127.0.0.1:{int(process.stdout.readline())}"
            patch.setenv("TANZHANG_WECHAT_URL", address)
            patch.setenv("TANZHANG_WECHAT_APPID", mini_programs.WECHAT_APPID)
            patch.setenv("TANZHANG_WECHAT_SECRET", mini_programs.WECHAT_SECRET)
            patch.setenv("TANZHANG_ALIPAY_URL", f"{address}/gateway.do")
            patch.setenv("TANZHANG_ALIPAY_APPID", mini_programs.ALIPAY_APPID)
            patch.setenv("TANZHANG_ALIPAY_KEY", str(folder / "alipay.pem"))
            yield Platforms(address)
        finally:
            process.terminate()
