"""The text by which people are told of an incident: PIPL Art. 57, in plain words."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from tanzhang.apps.activities.incidents.recording import IncidentEntry

_ZONE: Final = ZoneInfo("Asia/Shanghai")

_TEXT: Final = {
    "zh": """关于您的个人信息的告知

我们于 {noticed} 发现一起可能影响您的个人信息安全事件。

发生了什么：{cause}
涉及哪些信息：{kinds}
涉及的时间：{since} 至 {until}
可能造成的影响：{harm}
我们已采取的措施，以及您可以做什么：{remedy}

您可以在“我的”的“隐私与权利”中查看谁查阅过您的信息，并获取您的信息副本。
如有疑问，请联系个人信息保护负责人：{contact}
编号：{number}
""",
    "en": """About your personal data

On {noticed} we noticed an incident that may concern data of yours.

What happened: {cause}
Which data: {kinds}
From when to when: {since} to {until}
What may come of it: {harm}
What we have done, and what you can do: {remedy}

Under “Me”, “Privacy and rights”, you see who read your data, and you can take a copy of it.
If you have a question, ask whoever is responsible for personal data: {contact}
Number: {number}
""",
}


def incident_notice(found: IncidentEntry, contact: str, lang: str) -> str:
    """The notice in ``zh`` or ``en``; ``contact`` is whom people can ask."""
    return _TEXT[lang].format(
        number=found.id,
        noticed=_day(found.noticed_at),
        since=_day(found.query.since),
        until=_day(found.query.until),
        kinds=found.told.kinds,
        cause=found.told.cause,
        harm=found.told.harm,
        remedy=found.told.remedy,
        contact=contact,
    )


def _day(moment: datetime) -> str:
    local = moment.astimezone(_ZONE)
    return f"{local:%Y-%m-%d %H:%M}"
