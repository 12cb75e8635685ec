"""``tanzhang partner member``: who of a partner may log in to the portal."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from tanzhang.surfaces.cli.partner_text import print_json
from tanzhang.surfaces.cli.refusals import language

app = typer.Typer(
    help="Give people of a partner log-ins to the portal, and take them back.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Code = Annotated[str, typer.Argument(help="The partner's code.", metavar="CODE")]
Name = Annotated[str, typer.Argument(help="The log-in's name.", metavar="NAME")]
By = Annotated[
    str | None, typer.Option("--by", help="Who decides it; default: your log-in on this machine.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

_WORDS = {
    "en": {
        "added": "{name} may log in at /portal/ for {partner}.",
        "renewed": "{name} logs in with a new password.",
        "password": "One-time password, shown this once: {password}",
        "closed": "{name} may log in no more.",
        "empty": "{partner} has no log-in.",
        "viewer": "may look",
        "manager": "may change",
        "open": "open",
        "shut": "closed",
    },
    "zh": {
        "added": "{name} 可在 /portal/ 代表 {partner} 登录。",
        "renewed": "{name} 须用新密码登录。",
        "password": "一次性密码（仅显示这一次）：{password}",
        "closed": "{name} 不能再登录。",
        "empty": "{partner} 没有登录名。",
        "viewer": "可查看",
        "manager": "可更改",
        "open": "启用",
        "shut": "已关闭",
    },
}


@app.command()
def add(
    code: Code,
    name: Name,
    manager: Annotated[
        bool, typer.Option("--manager", help="May change keys and addresses, not only look.")
    ] = False,
    by: By = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Give somebody of a partner a log-in; she chooses her own password when she first comes.

    Example: tanzhang partner member add citibike citibike-wang --manager
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners import api as partners
    from tanzhang.surfaces.portal import members
    from tanzhang.surfaces.portal.models import Role

    number = partners.partner(code).id
    role = Role.MANAGER if manager else Role.VIEWER
    password = members.add_member(number, name, role, by=_decider(by))
    _tell("added", code, name, password, as_json=as_json)


@app.command()
def renew(code: Code, name: Name, by: By = None, as_json: Json = False, lang: Lang = None) -> None:
    """Give somebody a new one-time password; her sessions end.

    Example: tanzhang partner member renew citibike citibike-wang
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners import api as partners
    from tanzhang.surfaces.portal import members

    number = partners.partner(code).id
    _tell(
        "renewed",
        code,
        name,
        members.renew_password(number, name, by=_decider(by)),
        as_json=as_json,
    )


@app.command()
def close(code: Code, name: Name, by: By = None, as_json: Json = False, lang: Lang = None) -> None:
    """Take somebody's log-in back; what she did stays written down.

    Example: tanzhang partner member close citibike citibike-wang
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners import api as partners
    from tanzhang.surfaces.portal import members

    members.close_member(partners.partner(code).id, name, by=_decider(by))
    _tell("closed", code, name, None, as_json=as_json)


@app.command("list")
def list_members(code: Code, as_json: Json = False, lang: Lang = None) -> None:
    """List everybody who has or had a log-in of a partner.

    Example: tanzhang partner member list citibike
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners import api as partners
    from tanzhang.surfaces.portal import members

    found = members.members_of(partners.partner(code).id)
    if as_json:
        told = [
            {"name": each.name, "role": each.role.value, "open": each.is_open} for each in found
        ]
        print_json({"partner": code, "members": told})
        return
    words = _WORDS[language(sys.argv[1:])]
    for each in found:
        state = words["open" if each.is_open else "shut"]
        typer.echo(f"{each.name:<24} {words[each.role.value]:<12} {state}")
    if not found:
        typer.echo(words["empty"].format(partner=code))


def _decider(by: str | None) -> str:
    return by or getpass.getuser()


def _tell(done: str, code: str, name: str, password: str | None, *, as_json: bool) -> None:
    if as_json:
        shown = {} if password is None else {"one_time_password": password}
        print_json({"partner": code, "name": name, **shown})
        return
    words = _WORDS[language(sys.argv[1:])]
    typer.echo(words[done].format(name=name, partner=code))
    if password is not None:
        typer.echo(words["password"].format(password=password))
