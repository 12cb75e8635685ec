"""The ``joining`` section: what it says once compiled, and every contradiction in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.packs.joining.section import (
    Both,
    Cohort,
    Either,
    Evidence,
    Feature,
    Joining,
    rules_in,
)
from tanzhang.engine.packs.tree import Text

from ..folders import Edit, edited, faults_of, found, loaded, write_folder

SECTION = """\
joining:
  doors: [host, phone]
  who:
    any:
      - cardholder
      - all: [staff, driver]
  rules:
    cardholder:
      title: {zh: 持卡人, en: cardholders}
      if_not: {zh: 请先办卡。, en: Ask for a card first.}
      claim: cardholder
      partners: [bikes]
    staff:
      title: {zh: 员工, en: staff}
      if_not: {zh: 请联系人事。, en: Ask your employer.}
      list: staff
    driver:
      title: {zh: 货车司机, en: freight drivers}
      if_not: {zh: 请核对驾驶证。, en: Check your licence.}
      field: car_model
      values: [J6, X7]
  lists:
    staff: {title: {zh: 员工名单, en: staff list}, by: phone}
    testers: {title: {zh: 内测名单, en: testers}, by: person, partner: bikes}
  form:
    kinds: [person]
    fields:
      phone: {verified: code, purpose: {zh: 登录。, en: To log in.}}
      car_model: {ask: optional, verified: host, purpose: {zh: 核对车型。, en: To check the class.}}
  cohorts:
    beta:
      title: {zh: 内测, en: beta}
      about: {zh: 先试。, en: Try first.}
      list: testers
      only_members_join: true
      survey: first
    call:
      title: {zh: 招募, en: public call}
      about: {zh: 先到先得。, en: First come.}
      places: 20
  features:
    bikes-first: {title: {zh: 单车, en: bikes}, scene: bike, audience: [beta, call]}
    carry: {title: {zh: 转出, en: carrying}, page: carrying, audience: [everyone], approval: one}
  surveys:
    first:
      title: {zh: 问卷, en: survey}
      about: {zh: 三个问题。, en: One question.}
      questions:
        useful:
          text: {zh: 有用吗？, en: Is it useful?}
          answers: {good: {zh: 有用, en: it is}, bad: {zh: 没用, en: it is not}}
"""

ZONE = "time_zone: Asia/Shanghai\n"


def folder(tmp_path: Path, *edits: Edit) -> Path:
    """A packs folder whose programme has the section, changed."""
    section = edited(SECTION, edits)
    return write_folder(tmp_path, programme=[(ZONE, ZONE + section)])


def section(tmp_path: Path, *edits: Edit) -> Joining:
    return loaded(folder(tmp_path, *edits)).programmes["city"].joining


def test_a_programme_without_the_section_takes_whom_a_partner_vouches_for(tmp_path: Path) -> None:
    programme = loaded(write_folder(tmp_path, programme=())).programmes["city"]
    assert programme.joining == Joining()
    assert (programme.joining.doors, programme.joining.who) == (("host",), None)


def test_a_section_says_who_may_join_and_by_which_evidence(tmp_path: Path) -> None:
    joining = section(tmp_path)
    assert joining.who == Either(("cardholder", Both(("staff", "driver"))))
    assert rules_in(joining.who) == ("cardholder", "staff", "driver")
    shown = {rule.id: (rule.evidence, rule.of, rule.values) for rule in joining.rules.values()}
    assert shown == {
        "cardholder": (Evidence.CLAIM, "cardholder", ()),
        "staff": (Evidence.LIST, "staff", ()),
        "driver": (Evidence.FIELD, "car_model", ("J6", "X7")),
    }
    assert joining.rules["cardholder"].partners == ("bikes",)
    assert joining.rules["staff"].if_not == Text("请联系人事。", "Ask your employer.")


def test_a_section_says_what_is_asked_and_who_tries_what_first(tmp_path: Path) -> None:
    joining = section(tmp_path)
    asked = {name: (f.required, f.verified) for name, f in joining.form.fields.items()}
    assert asked == {"phone": (True, "code"), "car_model": (False, "host")}
    assert joining.cohorts["beta"] == Cohort(
        "beta", Text("内测", "beta"), Text("先试。", "Try first."), "testers", None, True, "first"
    )
    assert joining.cohorts["call"].places == 20
    bikes = Feature("bikes-first", Text("单车", "bikes"), "scene", "bike", ("beta", "call"))
    assert joining.closed_scenes() == {"bike": bikes}
    carry = joining.feature_of("page", "carrying")
    assert carry is not None and not carry.needs_two
    assert joining.feature_of("page", "roots") is None
    (question,) = joining.surveys["first"].questions
    assert [*question.answers] == ["good", "bad"]


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (("- cardholder", "- cardholders"), "joining.rule_unknown"),
        (("all: [staff, driver]", "all: [staff, staff]"), "joining.rule_unused"),
        (("all: [staff, driver]", "all: [staff]"), "joining.condition_too_short"),
        (("      claim: cardholder\n", ""), "joining.evidence_unclear"),
        (("claim: cardholder", "claim: cardholder\n      list: staff"), "joining.evidence_unclear"),
        (("claim: cardholder", "claim: rich"), "packs.value_not_listed"),
        (("partners: [bikes]", "values: [gold]"), "joining.claim_without_values"),
        (("partners: [bikes]", "partners: [boats]"), "packs.value_not_listed"),
        (("      list: staff\n", "      list: boss\n"), "joining.list_unknown"),
        (
            ("      list: staff\n", "      list: staff\n      partners: [bikes]\n"),
            "joining.partners_without_claim",
        ),
        (("field: car_model", "field: name"), "joining.rule_field_not_asked"),
        (("ask: optional, verified: host,", "ask: optional,"), "joining.rule_field_unverified"),
        (("by: phone", "by: phone, partner: bikes"), "joining.list_partner_unclear"),
        (("by: person, partner: bikes", "by: person"), "joining.list_partner_unclear"),
        (("by: phone", "by: plate"), "packs.value_not_listed"),
        (
            ("  lists:\n", "  lists:\n    old: {title: {zh: 旧, en: old}, by: phone}\n"),
            "joining.list_unused",
        ),
        (("doors: [host, phone]", "doors: [phone]"), "joining.claim_without_host"),
        (("doors: [host, phone]", "doors: [phone]"), "joining.list_without_host"),
        (("doors: [host, phone]", "doors: [phone]"), "joining.field_without_host"),
        (("doors: [host, phone]", "doors: [window]"), "packs.value_not_listed"),
        (
            ("      phone: {verified: code, purpose: {zh: 登录。, en: To log in.}}\n", ""),
            "joining.door_without_phone",
        ),
        (
            ("      phone: {verified: code, purpose: {zh: 登录。, en: To log in.}}\n", ""),
            "joining.list_without_phone",
        ),
        (("{verified: code,", "{"), "joining.phone_unverified"),
        (("{verified: code,", "{verified: code, ask: optional,"), "joining.phone_unverified"),
        (("kinds: [person]", "kinds: [village]"), "joining.kind_unknown"),
        (("      car_model:", "      shoe_size:"), "joining.field_unknown"),
        (
            ("      car_model:", "      name: {purpose: {zh: 称呼。, en: x}}\n      car_model:"),
            "joining.field_unneeded",
        ),
        (
            ("verified: host,", "verified: host, list: staff,"),
            "joining.field_list_unclear",
        ),
        (("purpose: {zh: 登录。, en: To log in.}", "ask: required"), "packs.language_missing"),
        (("{zh: 登录。, en: To log in.}", "{zh: 登录。}"), "packs.language_missing"),
        (("if_not: {zh: 请先办卡。, en: Ask for a card first.}", "if_not: {en: x}"),
         "packs.language_missing"),
        (("      places: 20\n", ""), "joining.call_without_places"),
        (("places: 20", "places: 0"), "joining.places_unusable"),
        (("places: 20", "places: 2.5"), "joining.places_unusable"),
        (("    call:\n", "    everyone:\n"), "joining.cohort_named_everyone"),
        (("      list: testers\n", "      list: guests\n"), "packs.value_not_listed"),
        (("survey: first", "survey: second"), "packs.value_not_listed"),
        (("scene: bike,", "scene: boat,"), "packs.value_not_listed"),
        (("page: carrying,", "page: cellar,"), "packs.value_not_listed"),
        (("page: carrying,", "page: carrying, entry: phone,"), "joining.feature_unclear"),
        (("page: carrying,", "scene: bike,"), "joining.scene_needs_two"),
        (("page: carrying,", "scene: bike,"), "joining.feature_repeated"),
        (("audience: [beta, call]", "audience: [alpha]"), "joining.audience_unknown"),
        (("audience: [beta, call]", "audience: [beta, everyone]"), "joining.audience_unclear"),
        ((", bad: {zh: 没用, en: it is not}", ""), "joining.question_without_choice"),
        (("  doors: [host, phone]", "  dors: [host, phone]"), "packs.key_unknown"),
    ],
)  # fmt: skip
def test_a_contradiction_is_a_fault_of_the_file(tmp_path: Path, edit: Edit, code: str) -> None:
    faults = found(folder(tmp_path, edit))
    assert code in [fault[0] for fault in faults if fault[1] == "programme.yaml"], faults


def test_a_fault_names_the_line_of_what_is_wrong(tmp_path: Path) -> None:
    other = ("      car_model:", "      name:"), ("field: car_model", "field: phone")
    home = folder(tmp_path, *other)
    text = (home / "programmes" / "city" / "programme.yaml").read_text(encoding="utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if row.startswith("      name:"))
    assert ("joining.field_unneeded", line) in [(f.code, f.line) for f in faults_of(home)]


def test_a_law_may_need_a_field_that_no_rule_needs(tmp_path: Path) -> None:
    law = "law: {zh: 某法第一条, en: 'a law, article 1'}"
    name = f"      name: {{{law}, purpose: {{zh: 称呼。, en: x}}}}\n      car_model:"
    assert "name" in section(tmp_path, ("      car_model:", name)).form.fields


ACCOUNTS = """\
accounts:
  person: {title: {zh: 个人, en: person}, points: {zh: 绿币, en: green}}
  unit: {title: {zh: 单位, en: unit}, points: {zh: 蓝币, en: blue}}
"""
EMPLOYER = "      employer: {ask: optional, purpose: {zh: 归属单位。, en: To count with it.}}\n"
ORGANISATION = "      organisation: {kinds: [unit], purpose: {zh: 名称。, en: Its name.}}\n"


@pytest.mark.parametrize(
    ("kinds", "fields", "codes"),
    [
        ("[person, unit]", EMPLOYER + ORGANISATION, []),
        ("[person, unit]", EMPLOYER, ["joining.kind_without_field"]),
        ("[person]", EMPLOYER, ["joining.field_unneeded"]),
    ],
    ids=["both", "unit without its name", "employer without units"],
)
def test_a_kind_needs_its_fields_and_no_others(
    tmp_path: Path, kinds: str, fields: str, codes: list[str]
) -> None:
    model = "      car_model:"
    section = edited(SECTION, [("[person]", kinds), (model, fields + model)])
    home = write_folder(tmp_path, programme=[(ZONE, ZONE + ACCOUNTS + section)])
    assert [fault.code for fault in faults_of(home)] == codes
