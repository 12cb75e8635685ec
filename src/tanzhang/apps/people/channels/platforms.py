"""Asking a platform whom a log-in code means: WeChat's ``code2session``, Alipay's OAuth token.

=================================  ============================================================
``TANZHANG_WECHAT_APPID``          the mini-program's number at WeChat; unset: no such channel
``TANZHANG_WECHAT_SECRET``         its secret there
``TANZHANG_WECHAT_URL``            where WeChat answers
``TANZHANG_ALIPAY_APPID``          the mini-program's number at Alipay; unset: no such channel
``TANZHANG_ALIPAY_KEY``            file of its RSA private key (PKCS#8 PEM), which signs requests
``TANZHANG_ALIPAY_URL``            where Alipay answers
=================================  ============================================================

A code is good once, and the platform itself sees to that. Codes, keys and subjects are in no log
line and no sentence. Alipay's own signature over its answer is not checked: the answer comes over
TLS from the address that the operator named.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tanzhang.apps.people.channels.logins import Channel
from tanzhang.apps.people.installation import installation
from tanzhang.problems import Problem

WECHAT_URL: Final = "https://api.weixin.qq.com"
ALIPAY_URL: Final = "https://openapi.alipay.com/gateway.do"

TIMEOUT: Final = httpx.Timeout(5.0)

#: Platforms' codes are some dozens of these; nothing else is passed on.
_CODE = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)

#: What Alipay writes instants in.
_CHINA = timezone(timedelta(hours=8))


def identify(channel: Channel, code: str) -> str:
    """Who logged in at a platform, named uniquely there: ``<appid>:<subject>``.

    Raises ``people.channel_off`` where the channel is not set up, ``people.channel_code_refused``
    for a code that the platform does not know (any more), and ``people.channel_unreachable``.
    """
    if not _CODE.fullmatch(code):
        raise Problem("people.channel_code_refused")
    asked = {Channel.WECHAT: _wechat, Channel.ALIPAY: _alipay}
    return asked[channel](code)


def _wechat(code: str) -> str:
    appid, secret = _setting("TANZHANG_WECHAT_APPID"), _setting("TANZHANG_WECHAT_SECRET")
    base = _base("TANZHANG_WECHAT_URL", WECHAT_URL)
    query = {
        "appid": appid,
        "secret": secret,
        "js_code": code,
        "grant_type": "authorization_code",
    }
    said = _ask("GET", f"{base}/sns/jscode2session", params=query)
    if said.get("errcode", 0) in (40029, 40163):  # no such code, used already
        raise Problem("people.channel_code_refused")
    return _subject(appid, said.get("openid"))


def _alipay(code: str) -> str:
    appid = _setting("TANZHANG_ALIPAY_APPID")
    fields = {
        "app_id": appid,
        "method": "alipay.system.oauth.token",
        "format": "JSON",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": f"{datetime.now(UTC).astimezone(_CHINA):%Y-%m-%d %H:%M:%S}",
        "version": "1.0",
        "grant_type": "authorization_code",
        "code": code,
    }
    fields["sign"] = _rsa2(fields, _alipay_key())
    said = _ask("POST", _base("TANZHANG_ALIPAY_URL", ALIPAY_URL), data=fields)
    token = said.get("alipay_system_oauth_token_response")
    if not isinstance(token, dict):
        refusal = said.get("error_response")
        if isinstance(refusal, dict) and refusal.get("sub_code") == "isv.code-invalid":
            raise Problem("people.channel_code_refused")
        raise Problem("people.channel_unreachable")
    return _subject(appid, token.get("open_id") or token.get("user_id"))


def signed_content(fields: Mapping[str, str]) -> bytes:
    """What Alipay has signed: the fields but the signature, sorted by name, as ``a=1&b=2``."""
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name != "sign").encode()


def _rsa2(fields: Mapping[str, str], key: RSAPrivateKey) -> str:
    made = key.sign(signed_content(fields), padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(made).decode("ascii")


def _alipay_key() -> RSAPrivateKey:
    try:
        key = load_pem_private_key(Path(_setting("TANZHANG_ALIPAY_KEY")).read_bytes(), None)
    except (OSError, ValueError, TypeError):
        raise Problem("people.channel_off") from None
    if not isinstance(key, RSAPrivateKey):
        raise Problem("people.channel_off")
    return key


def _ask(method: str, url: str, **what: Any) -> dict[str, Any]:
    """A platform's answer as an object. WeChat calls its JSON ``text/plain``."""
    try:
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
            answer = client.request(method, url, **what)
        said = json.loads(answer.content) if answer.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise Problem("people.channel_unreachable") from None  # its words hold code and secret
    if not isinstance(said, dict):
        raise Problem("people.channel_unreachable")
    return said


def _subject(appid: str, subject: object) -> str:
    if not (isinstance(subject, str) and 0 < len(subject) <= 128):
        raise Problem("people.channel_unreachable")
    return f"{appid}:{subject}"


def _setting(variable: str) -> str:
    value = os.environ.get(variable, "").strip()
    if not value:
        raise Problem("people.channel_off")
    return value


def _base(variable: str, default: str) -> str:
    """Where a platform answers: over https, except where nobody is real."""
    url = os.environ.get(variable, "").strip() or default
    if not url.startswith("https://") and not installation().is_fictitious:
        raise Problem("people.channel_off")
    return url.rstrip("/")
