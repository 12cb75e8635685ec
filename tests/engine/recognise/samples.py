"""A small host: one rule for bills, one for cards, a few transactions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from tanzhang.engine.packs import load_packs
from tanzhang.engine.recognise import Recogniser, read_recogniser

LIBRARY = load_packs()

RULES = """\
id: small
version: "1"
programme: citic
partner: bank
title: {zh: 小, en: small}
transactions:
  id: id
  person: who
  time: {column: at, format: iso}
  columns: [product, mcc, channel, amount, status, thing, kind]
  complete: {status: S}
  reversed:
    when: {kind: REV}
    original: original
rules:
  bill:
    title: {zh: 缴费, en: a bill}
    scene: utility-payment
    when: {product: BILL, amount: {above: 0}}
    evidence_grade: 3
    item_key: thing
    inputs: {count: 1}
  paperless:
    title: {zh: 无纸化, en: without paper}
    scene: paperless-business
    when: {product: {begins: PL-}}
    evidence_grade: 2
"""


def recogniser(folder: Path, text: str = RULES) -> Recogniser:
    """The recogniser of a file with this text. Raises FaultyRules."""
    file = folder / "recogniser.yaml"
    file.write_text(text, encoding="utf-8")
    return read_recogniser(file, LIBRARY)


def transactions(*changes: dict[str, Any]) -> pl.DataFrame:
    """Transactions, each a paid bill but for the changes."""
    bill = {
        "id": "20261103-1",
        "who": "ada",
        "at": "2026-11-03 08:00:00",
        "product": "BILL",
        "mcc": "4900",
        "channel": "APP",
        "amount": "88.00",
        "status": "S",
        "thing": "account-7",
        "kind": "PAY",
        "original": None,
    }
    return pl.DataFrame([bill | change for change in changes], dict.fromkeys(bill, pl.String))


def numbered(table: pl.DataFrame) -> pl.Series:
    return pl.Series("row", range(1, len(table) + 1), dtype=pl.UInt32)
