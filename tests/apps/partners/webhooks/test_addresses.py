"""A delivery goes to public machines alone."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tanzhang.apps.partners.webhooks.addresses import check_url, destination
from tanzhang.problems import Problem

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.10",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "::1",
    "fd00::1",
    "fe80::1",
    "::ffff:10.0.0.1",
    "::10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::1",
    "2001:0:53aa::1",
    "fec0::1",
    "224.0.0.1",
]


def answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name resolve to these addresses."""

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_means_a_machine_of_ours_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, "93.184.216.34", address)
    with pytest.raises(Problem, match=r"partners\.webhook_url_refused"):
        destination("https://hooks.example.cn/in", may_be_private=False)


def test_the_connection_is_made_to_the_very_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers(monkeypatch, "93.184.216.34")
    found = destination("https://hooks.example.cn:8443/in?a=1", may_be_private=False)
    assert found.url == "https://93.184.216.34:8443/in?a=1"
    assert (found.host, found.name) == ("hooks.example.cn:8443", "hooks.example.cn")
    answers(monkeypatch, "2606:2800:220:1::1")
    found = destination("https://hooks.example.cn/in", may_be_private=False)
    assert found.url == "https://[2606:2800:220:1::1]:443/in"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.cn/in",
        "ftp://hooks.example.cn/in",
        "file:///etc/passwd",
        "https:///in",
        "https://user:pass@hooks.example.cn/in",
        "https://hooks.example.cn/in#part",
        "https://hooks.example.cn:0/in",
        "https://hooks.example.cn:99999/in",
        "https://hooks.example.cn/in\r\nHost: other",
        "https://[::1/in",
        "https://hooks.example.cn/" + "a" * 2048,
    ],
)
def test_a_url_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(Problem, match=r"partners\.webhook_url_refused"):
        check_url(url, may_be_private=False)


def test_among_fictitious_people_a_private_address_may_be_called() -> None:
    found = destination("http://127.0.0.1:9000/in", may_be_private=True)
    assert found.url == "http://127.0.0.1:9000/in"
