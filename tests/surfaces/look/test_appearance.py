"""A reader's choices live in two cookies and lead back to the page she was on."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from tanzhang.surfaces.look.appearance import Appearance, appearance_of


@pytest.fixture
def client() -> Client:
    """A browser without cookies."""
    return Client(HTTP_HOST="localhost")


def test_without_cookies_the_device_decides() -> None:
    assert appearance_of(RequestFactory().get("/")) == Appearance("auto", "normal")
    assert appearance_of(None) == Appearance("auto", "normal")


def test_a_cookie_that_says_nonsense_is_as_none() -> None:
    request = RequestFactory().get("/")
    request.COOKIES = {"theme": '"><script>', "text": "huge"}
    assert appearance_of(request) == Appearance("auto", "normal")


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ({"theme": "dark"}, 'data-theme="dark"'),
        ({"theme": "light"}, 'data-theme="light"'),
        ({"text": "large"}, 'data-text="large"'),
    ],
)
def test_a_choice_is_kept_and_the_server_draws_it(
    client: Client, chosen: dict[str, str], shown: str
) -> None:
    assert shown not in client.get("/style/").content.decode()
    answer = client.post("/appearance/", chosen | {"next": "/style/?a=1"})
    assert (answer.status_code, answer["location"]) == (302, "/style/?a=1")
    (cookie,) = answer.cookies.values()
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] == 31_536_000
    assert f'<html lang="zh-Hans" {shown}>' in client.get("/style/").content.decode()


def test_to_follow_the_device_again_is_a_choice_too(client: Client) -> None:
    client.post("/appearance/", {"theme": "dark"})
    client.post("/appearance/", {"theme": "auto"})
    assert "data-theme" not in client.get("/style/").content.decode()


def test_an_unknown_choice_sets_nothing(client: Client) -> None:
    assert client.post("/appearance/", {"theme": "pink", "text": ""}).cookies == {}


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:x"])
def test_nobody_is_led_to_another_site(client: Client, elsewhere: str) -> None:
    assert client.post("/appearance/", {"next": elsewhere})["location"] == "/"


def test_a_choice_is_a_post_with_a_token(client: Client) -> None:
    assert client.get("/appearance/").status_code == 405
    strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    assert strict.post("/appearance/", {"theme": "dark"}).status_code == 403


def test_the_language_is_kept_in_its_cookie(client: Client) -> None:
    assert '<html lang="zh-Hans">' in client.get("/style/").content.decode()
    answer = client.post("/language/", {"language": "en", "next": "/style/"})
    assert answer["location"] == "/style/"
    assert '<html lang="en">' in client.get("/style/").content.decode()


def test_the_browsers_language_decides_until_one_is_chosen(client: Client) -> None:
    english = client.get("/style/", headers={"accept-language": "en-GB"})
    assert '<html lang="en">' in english.content.decode()


def test_a_page_without_a_request_offers_no_form_that_would_be_refused() -> None:
    page = render_to_string("look/base.html")
    assert "<html" in page and "stylesheet" in page and "<form" not in page
