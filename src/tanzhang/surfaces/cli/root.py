"""The commands of ``tanzhang``, each loaded when it is called and not before.

Checking a pack needs no database, and ``tanzhang --help`` needs none of the commands. So the root
knows only this table; a command's module is imported when somebody asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

EXAMPLE = "Example: tanzhang up"


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: where it is, ``module:name`` beside this file, and one line in two languages.

    The name is a ``typer.Typer`` with subcommands, or a function that is the command itself.
    """

    target: str
    summary: str
    summary_zh: str


COMMANDS: dict[str, Entry] = {
    "up": Entry(
        "up:up",
        "Run the whole demonstration: database, workers, site and a living city.",
        "运行整个演示：数据库、结算进程、网站和一座活的虚构城市。",
    ),
    "demo": Entry(
        "demo:demo",
        "Settle a day of a small fictitious city and show it.",
        "结算一座虚构小城的一天并展示结果。",
    ),
    "pack": Entry(
        "pack:app",
        "List, check and explain methodology packs.",
        "列出、检查并解释方法学文件。",
    ),
    "programme": Entry(
        "programme:app",
        "Load programmes, preview and activate their versions.",
        "加载碳普惠机制，预览并启用其版本。",
    ),
    "quantify": Entry(
        "imports:quantify",
        "Turn a file into grams by one pack, without a database.",
        "用一个方法学把文件换算成克数，无需数据库。",
    ),
    "import": Entry(
        "imports:import_",
        "Report a partner's file, and see what became of each row.",
        "上报合作方的文件，并查看每一行的结果。",
    ),
    "pull": Entry(
        "pull:app",
        "Fetch partners' own export files by HTTPS or SFTP.",
        "通过 HTTPS 或 SFTP 拉取合作方自己的导出文件。",
    ),
    "recognise": Entry(
        "recognise:recognise",
        "Find the low-carbon acts among a host's own transactions.",
        "从宿主方的自有交易中识别低碳行为。",
    ),
    "simulate": Entry(
        "simulate:simulate",
        "Write the reports of a fictitious city.",
        "生成一座虚构城市的上报数据。",
    ),
    "city": Entry(
        "city:app",
        "Let a fictitious city live now, and compare its journal with the books.",
        "让一座虚构城市实时运行，并把其日志簿与账簿比对。",
    ),
    "partner": Entry(
        "partner:app",
        "Bring partners in, give and take keys, agree, switch them off and on.",
        "接入合作方，管理其密钥与协议，暂停与恢复。",
    ),
    "joining": Entry(
        "joining:app",
        "Show who may join a programme, and keep its lists of people.",
        "查看谁可以加入某一机制，并维护其人员名单。",
    ),
    "cohort": Entry(
        "cohort:app",
        "Let some people try something first, then open it to all.",
        "先让部分人内测，再向所有人开放。",
    ),
    "account": Entry(
        "account:app",
        "Show a carbon account, and why an act counted as it did.",
        "展示碳账户，以及某一行为为何如此计算。",
    ),
    "statement": Entry(
        "statement:app",
        "Carry an account's acts to another installation, and take what is brought here.",
        "把账户的行为转往另一环境，并接收转入的内容。",
    ),
    "ledger": Entry(
        "ledger:app",
        "Verify the books and print their digest.",
        "核验账簿并打印其摘要。",
    ),
    "receipt": Entry(
        "receipt:receipt",
        "Write the signed receipt of an act.",
        "签发一项行为的凭证。",
    ),
    "certificate": Entry(
        "receipt:certificate",
        "Write a signed certificate over an account's acts of a period.",
        "签发某账户一段期间行为的证书。",
    ),
    "log": Entry(
        "log:app",
        "Make roots of the log, and prove that one continues another.",
        "生成日志的根，并证明一个根延续另一个。",
    ),
    "key": Entry(
        "key:app",
        "Hand out the installation's public keys.",
        "发放本安装的公钥。",
    ),
    "verify": Entry(
        "verify:verify",
        "Verify a receipt, certificate, root, statement or report offline.",
        "离线核验凭证、证书、根、转移单或报告。",
    ),
    "conformance": Entry(
        "conformance:conformance",
        "Check that the partner API takes, counts and refuses as documented.",
        "检查合作方接口是否按文档受理、核算与拒绝。",
    ),
    "web": Entry(
        "server:web",
        "Serve the site, until told to end.",
        "提供网站服务，直到被要求结束。",
    ),
    "worker": Entry(
        "server:worker",
        "Settle accepted pieces, until told to end.",
        "结算已接收的分片，直到被要求结束。",
    ),
    "scheduler": Entry(
        "server:scheduler",
        "Do what is due from time to time, until told to end.",
        "定期执行到期事务，直到被要求结束。",
    ),
    "courier": Entry(
        "courier:courier",
        "Carry messages to partners at their own addresses, until told to end.",
        "把消息投递到合作方自己的地址，直到被要求结束。",
    ),
    "migrate": Entry(
        "server:migrate",
        "Bring the database to the shape of this version.",
        "把数据库迁移到本版本的结构。",
    ),
    "stop": Entry(
        "server:stop",
        "Stop “tanzhang up” with all its parts, and the embedded PostgreSQL.",
        "停止“tanzhang up”的全部进程以及内嵌的 PostgreSQL。",
    ),
    "doctor": Entry(
        "doctor:doctor",
        "Say what this installation lacks and what to do about it.",
        "说明本安装缺少什么以及如何处理。",
    ),
    "backup": Entry(
        "backup:backup",
        "Back the database up into a folder.",
        "把数据库备份到文件夹。",
    ),
    "restore": Entry(
        "backup:restore",
        "Bring a backup into an empty database, and erase again whoever was erased since.",
        "把备份恢复到空数据库，并重新删除此后已被删除的人。",
    ),
    "privacy": Entry(
        "privacy:app",
        "Show what is kept of a person, look for her anywhere, and erase her.",
        "查看保存了某人的哪些信息，在各处查找，并予以删除。",
    ),
    "authenticity": Entry(
        "authenticity:app",
        "Look for fabricated acts, and try rules against them on history.",
        "查找伪造的行为，并在历史数据上试算防造假规则。",
    ),
    "farm": Entry(
        "farm:farm",
        "Let cheats loose on a scratch installation, and measure what they take.",
        "在临时安装中放出作弊者，并量出他们得手多少。",
    ),
    "bench": Entry(
        "bench:bench",
        "Measure speed beside the limits of this machine.",
        "测量速度，并与本机的极限并列。",
    ),
}


class LazyGroup(TyperGroup):
    """Lists commands from the table and loads the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(str(name)), rest


app = typer.Typer(
    cls=LazyGroup,
    epilog=EXAMPLE,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def root(
    sandbox: Annotated[
        bool,
        typer.Option("--sandbox", help="Run the command in the sandbox beside this installation."),
    ] = False,
) -> None:
    """Tanzhang 碳账: exact, explained carbon accounts for people."""
    if sandbox:
        from tanzhang.config import sandbox as beside

        beside.enter()


def load(name: str) -> Any:
    """The command itself, its module imported (typer keeps the types of commands to itself)."""
    module, _, attribute = COMMANDS[name].target.partition(":")
    found = getattr(import_module(f"tanzhang.surfaces.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        command = typer.main.get_command(found)
    else:
        alone = typer.Typer(add_completion=False, rich_markup_mode="markdown")
        alone.command(name)(found)
        command = typer.main.get_command(alone)
    command.name = name
    return command


def _listed(name: str, entry: Entry) -> None:
    """Register what the list shows of a command."""

    def only_listed() -> None:
        raise AssertionError(f"{name} was run without being loaded")

    app.command(name, help=entry.summary)(only_listed)


for _name, _entry in COMMANDS.items():
    _listed(_name, _entry)
