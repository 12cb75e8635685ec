"""A stand-in for the log-in servers of WeChat and Alipay: ``python -m …mini_programs PORT``.

It knows nobody real. ``POST /fictitious/<channel>/code`` with ``person=ada`` gives a log-in code as
the app would, and ``/sns/jscode2session`` and ``/gateway.do`` answer for it once, in the platforms'
own forms. Port 0 takes a free one; the port is the first line of its output.
"""

from __future__ import annotations

import json
import secrets
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

#: The numbers and the secret under which a mini-program is known here.
WECHAT_APPID: Final = "wx-fictitious"
WECHAT_SECRET: Final = "fictitious-secret"
ALIPAY_APPID: Final = "2021-fictitious"

#: WeChat's numbers for what is wrong.
CODE_INVALID, APPID_INVALID = 40029, 40013


@dataclass(slots=True)
class Desk:
    """The codes under way; each leads to one fictitious person once."""

    codes: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def give(self, channel: str, person: str) -> str:
        """A new code for a person of a channel."""
        code = secrets.token_urlsafe(18)
        with self.lock:
            self.codes[f"{channel} {code}"] = f"fictitious-{channel}-{person}"
        return code

    def take(self, channel: str, code: str) -> str | None:
        """Whom a code leads to; it is used up."""
        with self.lock:
            return self.codes.pop(f"{channel} {code}", None)

    def wechat(self, asked: dict[str, str]) -> dict[str, Any]:
        """WeChat's answer to ``code2session``."""
        if (asked.get("appid"), asked.get("secret")) != (WECHAT_APPID, WECHAT_SECRET):
            return {"errcode": APPID_INVALID, "errmsg": "invalid appid"}
        openid = self.take("wechat", asked.get("js_code", ""))
        if openid is None or asked.get("grant_type") != "authorization_code":
            return {"errcode": CODE_INVALID, "errmsg": "invalid code"}
        return {"openid": openid, "session_key": secrets.token_urlsafe(16)}

    def alipay(self, asked: dict[str, str]) -> dict[str, Any]:
        """Alipay's answer to ``alipay.system.oauth.token``; the request must bear a signature."""
        known = asked.get("app_id") == ALIPAY_APPID and asked.get("sign_type") == "RSA2"
        if not (known and asked.get("sign")):
            refusal = {"code": "40002", "sub_code": "isv.invalid-signature"}
            return {"error_response": refusal, "sign": ""}
        open_id = self.take("alipay", asked.get("code", ""))
        if open_id is None:
            return {"error_response": {"code": "40002", "sub_code": "isv.code-invalid"}, "sign": ""}
        token = {"open_id": open_id, "access_token": secrets.token_hex(16), "expires_in": 1_296_000}
        return {"alipay_system_oauth_token_response": token, "sign": ""}


class Handler(BaseHTTPRequestHandler):
    """Answers in JSON."""

    desk = Desk()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != "/sns/jscode2session":
            self._answer({"error": "no such address"}, 404)
            return
        self._answer(self.desk.wechat(_fields(parts.query)))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        asked, path = _fields(body), urlsplit(self.path).path
        if path == "/gateway.do":
            self._answer(self.desk.alipay(asked))
        elif path in ("/fictitious/wechat/code", "/fictitious/alipay/code") and "person" in asked:
            self._answer({"code": self.desk.give(path.split("/")[2], asked["person"])})
        else:
            self._answer({"error": "no such address"}, 404)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: an address holds a code."""

    def _answer(self, said: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")  # as WeChat does
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _fields(text: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(text).items()}


def main(port: int) -> None:
    """Serve on this machine alone until told to end."""
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
