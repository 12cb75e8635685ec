"""Every way in which somebody may try to pass off a document that the installation did not make.

Forged, cut, swapped, replayed, re-rooted, and damaged in any single byte: each is refused, with the
reason that a person needs. What is refused here was valid before it was touched.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from proof_world import World, code, digest16, judged

from tanzhang.crypto import Purpose, generate
from tanzhang.crypto.keys import Algorithm
from tanzhang.engine.log import SHA256, SM3, Span
from tanzhang.proofs import (
    Document,
    Seal,
    Trust,
    canonical,
    make_root,
    parse,
    read_key_file,
    verify_file,
)
from tanzhang.proofs.form import MOST_DEEP

KINDS = ("receipt", "certificate", "statement", "root")

#: One value of each kind that JSON has, and odd texts.
VALUES: tuple[Any, ...] = (None, True, -1, 2**63 - 1, "", "ü", "0" * 10_000, [], [[]], ["x"], {})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World.at(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Another installation, with the same acts in its log."""
    return World.at(tmp_path_factory.mktemp("other"), "ffeeddccbbaa9988")


@pytest.fixture(scope="module")
def trust(world: World) -> Trust:
    return world.trust


@pytest.fixture(scope="module")
def documents(world: World) -> dict[str, Document]:
    return {
        "receipt": world.receipt(),
        "certificate": world.certificate(),
        "statement": world.statement(),
        "root": world.root(),
    }


def resigned(world: World, document: Document, purpose: Purpose = Purpose.SIGN) -> Document:
    """The document with a good signature: what a thief of the key, or we by mistake, would make."""
    content = {name: v for name, v in document.items() if name not in ("signature", "keys")}
    return world.seal(purpose).put_on(content)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, from the outside in."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in items:
        yield (*path, name)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, name))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        document = document[name]
    return document


# Forged


def test_forged_by_keys_of_ones_own(other: World, trust: Trust) -> None:
    for kind, document in (
        ("receipt", other.receipt()),
        ("certificate", other.certificate()),
        ("statement", other.statement()),
        ("root", other.root()),
    ):
        assert code(kind, document, trust) == "proofs.key_unknown"
        assert code(kind, document, other.trust) == "valid"


def test_forged_under_the_name_of_this_installation(
    tmp_path: Path, world: World, trust: Trust
) -> None:
    forger = World.at(tmp_path, world.installation)
    assert code("receipt", forger.receipt(), trust) == "proofs.key_unknown"


def test_forged_with_a_key_that_claims_an_endorsement(
    tmp_path: Path, world: World, trust: Trust
) -> None:
    forger = World.at(tmp_path, world.installation)
    document = forger.receipt()
    honest = world.receipt()["keys"][0]
    document["keys"][0]["endorsed_by"] = honest["key_id"]
    assert code("receipt", document, trust) == "proofs.endorsement_wrong"
    document["keys"].append(honest)
    assert code("receipt", document, trust) == "proofs.endorsement_wrong"


def test_forged_with_a_key_that_takes_a_known_keys_name(
    tmp_path: Path, world: World, trust: Trust
) -> None:
    forger = World.at(tmp_path, world.installation)
    text = canonical(forger.receipt()).decode()
    mine, theirs = forger.receipt()["keys"][0]["key_id"], world.receipt()["keys"][0]["key_id"]
    assert code("receipt", text.replace(mine, theirs).encode(), trust) == "proofs.key_malformed"


def test_forged_with_two_keys_that_endorse_each_other(
    tmp_path: Path, world: World, trust: Trust
) -> None:
    forger = World.at(tmp_path, world.installation)
    forger.rotate()
    forger.rotate()
    document = forger.receipt()
    document["keys"][1]["endorsed_by"] = document["keys"][0]["key_id"]
    assert code("receipt", document, trust) == "proofs.key_unknown"


# Cut


@pytest.mark.parametrize("kind", KINDS)
def test_cut_of_any_member(documents: dict[str, Document], trust: Trust, kind: str) -> None:
    document = documents[kind]
    for name in document:
        cut = {other: value for other, value in document.items() if other != name}
        assert code(kind, cut, trust) != "valid", name


@pytest.mark.parametrize("kind", KINDS)
def test_cut_of_any_member_and_signed_again(
    world: World, documents: dict[str, Document], trust: Trust, kind: str
) -> None:
    purpose = Purpose.ROOT if kind == "root" else Purpose.SIGN
    document = documents[kind]
    for name in set(document) - {"keys", "signature"}:
        cut = {other: value for other, value in document.items() if other != name}
        assert code(kind, resigned(world, cut, purpose), trust) == "proofs.member_missing", name


@pytest.mark.parametrize("name", ["piece_path", "path_sm3", "path_sha256"])
def test_cut_paths_though_signed_again(world: World, trust: Trust, name: str) -> None:
    for change in (list.pop, list.clear, lambda path: path.append("00" * 32)):
        document = world.receipt()
        change(document["outcomes"][0][name])
        assert code("receipt", resigned(world, document), trust) == "proofs.path_wrong"


def test_cut_lists_of_outcomes_though_signed_again(world: World, trust: Trust) -> None:
    document = world.receipt()
    document["outcomes"].pop()
    document["status"] = "credited"
    assert code("receipt", resigned(world, document), trust) == "proofs.sum_differs"
    document = world.receipt()
    document["outcomes"].pop(0)
    assert code("receipt", resigned(world, document), trust) == "proofs.outcomes_incomplete"
    document["outcomes"].clear()
    assert code("receipt", resigned(world, document), trust) == "proofs.outcomes_incomplete"


def test_cut_pieces_of_a_certificate_though_signed_again(world: World, trust: Trust) -> None:
    document = world.certificate()
    document["pieces"].pop(0)
    assert code("certificate", resigned(world, document), trust) == "proofs.path_wrong"
    document = world.certificate()
    document["pieces"][0]["leaves"].pop()
    assert code("certificate", resigned(world, document), trust) == "proofs.path_wrong"


def test_cut_entries_of_a_statement_though_signed_again(world: World, trust: Trust) -> None:
    document = world.statement()
    document["entries"].pop()
    assert code("statement", resigned(world, document), trust) == "proofs.outcome_repeated"


@pytest.mark.parametrize("kind", KINDS)
def test_cut_short_anywhere(documents: dict[str, Document], trust: Trust, kind: str) -> None:
    data = canonical(documents[kind])
    for end in range(0, len(data), 97):
        (verdict,) = verify_file(kind, data[:end], trust)
        assert verdict.code == 2


# Swapped


def test_swapped_amount(world: World, trust: Trust) -> None:
    for path, value in (
        (("outcomes", 0, "leaf", "posted_mg"), 999_999_999),
        (("outcomes", 0, "leaf", "gross_mg"), 1),
        (("outcomes", 0, "leaf", "inputs"), [1, 2, 3, 4]),
        (("total_mg",), 112_010),
        (("account",), "00" * 16),
        (("status",), "limited"),
    ):
        document = world.receipt()
        at(document, path[:-1])[path[-1]] = value
        assert code("receipt", document, trust) == "proofs.signature_wrong"
        assert code("receipt", resigned(world, document), trust) != "valid", path


def test_swapped_words_around_true_numbers(world: World, trust: Trust) -> None:
    document = world.receipt()
    document["reading"]["en"]["explanation"] = "You flew."
    assert code("receipt", document, trust) == "proofs.signature_wrong"
    document = world.receipt()
    document["meaning"]["en"]["does_not_prove"] = []
    assert code("receipt", document, trust) == "proofs.signature_wrong"


def test_swapped_leaf_path_and_entry_of_another_record(world: World, trust: Trust) -> None:
    others = world.proven(2, 0, 7).as_json()
    for name in ("leaf", "piece_path", "entry", "path_sm3", "path_sha256", "index"):
        document = world.receipt()
        document["outcomes"][0][name] = others[name]
        assert code("receipt", document, trust) == "proofs.signature_wrong"
        assert code("receipt", resigned(world, document), trust) == "proofs.path_wrong", name


def test_swapped_for_the_whole_record_of_another_event(world: World, trust: Trust) -> None:
    document = world.receipt()
    document["outcomes"][0] = world.proven(2, 0, 7).as_json()
    assert code("receipt", resigned(world, document), trust) == "proofs.event_differs"


def test_swapped_signature_of_another_document(
    documents: dict[str, Document], trust: Trust
) -> None:
    for kind in ("receipt", "certificate", "statement"):
        for donor in {"receipt", "certificate", "statement"} - {kind}:
            mixed = documents[kind] | {"signature": documents[donor]["signature"]}
            assert code(kind, mixed, trust) == "proofs.signature_wrong"


def test_swapped_root_of_another_size(world: World, trust: Trust) -> None:
    document = world.receipt(5)
    document["root"] = world.root(6)
    assert code("receipt", document, trust) == "proofs.signature_wrong"
    assert code("receipt", resigned(world, document), trust) == "proofs.path_wrong"


def test_swapped_order_of_outcomes_though_signed_again(world: World, trust: Trust) -> None:
    document = world.receipt()
    document["outcomes"].reverse()
    assert code("receipt", resigned(world, document), trust) == "proofs.event_differs"


def test_one_record_counted_twice_though_signed_again(world: World, trust: Trust) -> None:
    document = world.receipt()
    document["outcomes"].insert(0, copy.deepcopy(document["outcomes"][0]))
    document["total_mg"] += 112_010
    assert code("receipt", resigned(world, document), trust) == "proofs.outcome_repeated"
    document = world.certificate()
    document["pieces"].append(copy.deepcopy(document["pieces"][0]))
    assert code("certificate", resigned(world, document), trust) == "proofs.outcome_repeated"


def test_swapped_entries_of_a_statement_though_signed_again(world: World, trust: Trust) -> None:
    for name, value, reason in (
        ("total_mg", 5, "proofs.sum_differs"),
        ("started_us", 5, "proofs.event_differs"),
        ("status", "held", "proofs.event_differs"),
        ("version", "2", "proofs.event_differs"),
    ):
        document = world.statement()
        document["entries"][3][name] = value
        assert code("statement", resigned(world, document), trust) == reason


def test_swapped_method_though_signed_again(world: World, trust: Trust) -> None:
    for kind, document in (("receipt", world.receipt()), ("certificate", world.certificate())):
        document["methods"][0]["digest"] = "ab" * 32
        assert code(kind, resigned(world, document), trust) == "proofs.method_differs"


def test_swapped_period_though_signed_again(world: World, trust: Trust) -> None:
    for name, value, reason in (
        ("from", "2024-05-02", "proofs.period_left"),
        ("to", "2024-04-30", "proofs.member_wrong"),
        ("from", "20240501", "proofs.member_wrong"),
        ("time_zone", "Pacific/Nowhere", "proofs.member_wrong"),
        ("time_zone", "../../etc/passwd", "proofs.member_wrong"),
    ):
        document = world.certificate()
        document["period"][name] = value
        assert code("certificate", resigned(world, document), trust) == reason


def test_swapped_kind(documents: dict[str, Document], trust: Trust) -> None:
    for kind in KINDS:
        for said in set(KINDS) - {kind}:
            assert code(said, documents[kind], trust) == "proofs.format_unknown"


# Replayed


def test_replayed_old_receipt_against_a_newer_root(world: World, trust: Trust) -> None:
    old = world.receipt(5)
    assert code("receipt", old, trust) == "valid"  # true as of its root, which it names
    assert code("receipt", old, trust, world.root(7)) == "proofs.root_unconnected"
    assert code("receipt", old, trust, world.consistency(4, 7)) == "proofs.root_unconnected"
    assert code("receipt", old, trust, world.consistency(5, 7)) == "valid"


def test_replayed_old_root_as_the_latest(world: World, trust: Trust) -> None:
    assert code("root", world.root(5), trust, world.root(7)) == "proofs.root_unconnected"


def test_replayed_document_of_another_installation(
    world: World, other: World, trust: Trust
) -> None:
    """Even one that holds this installation's true root, or is signed with its keys by mistake."""
    document = other.receipt()
    document["root"] = world.root()
    assert code("receipt", resigned(world, document), trust) == "proofs.installation_other"
    stranger = World(world.folder, "0123456789abcdef", other.pieces)
    assert code("receipt", stranger.receipt(), trust) == "proofs.installation_other"
    assert code("root", stranger.root(), trust) == "proofs.installation_other"


def test_replayed_key_after_its_end(tmp_path: Path) -> None:
    world = World.at(tmp_path)
    old = {purpose: world.store.current(purpose) for purpose in (Purpose.SIGN, Purpose.ROOT)}
    world.rotate()
    for key in old.values():
        world.store.retire(key.key_id, world.now)
    world.now += timedelta(seconds=1)
    trust, now = world.trust, world.now
    before = world.receipt()
    assert code("receipt", before, trust) == "valid"
    for purpose, kind, document in (
        (Purpose.SIGN, "receipt", before),
        (Purpose.ROOT, "root", before["root"]),
    ):
        world.now = now.replace(year=2025)  # the thief's clock goes wrong; the date he writes not
        stolen = Seal(_StolenKey(old[purpose]), world.store.published(), world.now)
        content = {n: v for n, v in document.items() if n not in ("signature", "keys")}
        assert code(kind, stolen.put_on(content), trust) == "proofs.key_inactive"


class _StolenKey:
    """A retired key, used as if the store did not mind."""

    def __init__(self, stored: Any) -> None:
        self.key_id, self.algorithm = stored.key_id, stored.algorithm
        self.sign = stored._half.sign


# Re-rooted


def recomputed(world: World, seal: Seal) -> Document:
    """A root over a log in which the amount of event 5 was raised."""
    altered = copy.deepcopy(world.pieces)
    thief = World(world.folder, world.installation, altered, world.now)
    first = altered[2][1]
    altered[2][1] = type(first).decode(
        first.encode()[:72] + (10**9).to_bytes(8, "big") + first.encode()[80:]
    )
    document = thief.receipt(root=thief.root(seal=seal), seal=seal)
    assert document["outcomes"][0]["leaf"]["posted_mg"] == 10**9
    return document


def test_re_rooted_and_unsigned(world: World, trust: Trust) -> None:
    document = recomputed(world, world.seal(Purpose.SIGN))
    del document["root"]["signature"]
    assert code("receipt", resigned(world, document), trust) == "proofs.unsigned"
    del document["signature"]
    assert code("receipt", document, trust) == "proofs.unsigned"


def test_re_rooted_and_signed_by_a_key_of_another_purpose(world: World, trust: Trust) -> None:
    document = recomputed(world, world.seal(Purpose.SIGN))
    assert code("receipt", document, trust) == "proofs.key_purpose_wrong"
    assert code("root", document["root"], trust) == "proofs.key_purpose_wrong"
    by_root_key = world.receipt(seal=world.seal(Purpose.ROOT))
    assert code("receipt", by_root_key, trust) == "proofs.key_purpose_wrong"


def test_re_rooted_and_signed_by_a_stranger(tmp_path: Path, world: World, trust: Trust) -> None:
    forger = World.at(tmp_path, world.installation)
    document = world.receipt(root=forger.root())
    assert code("receipt", document, trust) == "proofs.key_unknown"


def test_re_rooted_by_the_operator_shows_in_two_roots(world: World, trust: Trust) -> None:
    """The root key itself cannot rewrite the past of whoever holds an older root."""
    altered = World(world.folder, world.installation, copy.deepcopy(world.pieces), world.now)
    altered.pieces[1].pop()
    assert code("receipt", world.receipt(), trust, altered.root()) == "proofs.split_view"
    assert code("root", world.root(), trust, altered.root()) == "proofs.split_view"
    proof = altered.consistency(5, 7)
    proof["old"] = world.root(5)
    assert code("root", proof, trust) == "proofs.not_consistent"
    proof = world.consistency(5, 7)
    proof["new"] = altered.root(7)
    assert code("root", proof, trust) == "proofs.not_consistent"


def test_re_rooted_in_one_of_the_two_digests(world: World, trust: Trust) -> None:
    honest = world.root()
    for wrong in ("sm3", "sha256"):
        digests = {"sm3": bytes.fromhex(honest["sm3"]), "sha256": bytes.fromhex(honest["sha256"])}
        digests[wrong] = bytes(32)
        root = make_root(
            installation=world.installation,
            size=7,
            **digests,
            previous=None,
            seal=world.seal(Purpose.ROOT),
        )
        document = world.receipt(root=root)
        assert code("receipt", document, trust) == "proofs.path_wrong"
        bundle = resigned(world, world.certificate() | {"root": root})
        assert code("certificate", bundle, trust) == "proofs.path_wrong"


@pytest.mark.parametrize("name", ["path_sm3", "path_sha256"])
def test_consistency_paths_that_were_cut(world: World, trust: Trust, name: str) -> None:
    for change in (list.pop, list.clear, lambda path: path.append("00" * 32)):
        proof = world.consistency(5, 7)
        change(proof[name])
        assert code("root", proof, trust) == "proofs.not_consistent"


def test_consistency_backwards(world: World, trust: Trust) -> None:
    proof = world.consistency(5, 7)
    proof["old"], proof["new"] = proof["new"], proof["old"]
    assert code("root", proof, trust) == "proofs.not_consistent"


# Damaged


@pytest.mark.parametrize("kind", KINDS)
def test_any_flipped_bit_that_changes_the_meaning(
    documents: dict[str, Document], trust: Trust, kind: str
) -> None:
    """Every byte of the file with one bit flipped, each byte with another bit than the last."""
    data = bytearray(canonical(documents[kind]))
    accepted = []
    for place in range(0, len(data), 1 if len(data) < 3000 else 7):
        data[place] ^= 1 << place % 8
        (verdict,) = verify_file(kind, bytes(data), trust)
        if verdict.code == 0 and _meaning(bytes(data)) != documents[kind]:
            accepted.append(place)
        data[place] ^= 1 << place % 8
    assert accepted == []
    assert code(kind, bytes(data), trust) == "valid"


def _meaning(data: bytes) -> object:
    return json.loads(data)


@pytest.mark.parametrize("kind", KINDS)
def test_any_member_of_another_kind_though_signed_again(
    world: World, documents: dict[str, Document], trust: Trust, kind: str
) -> None:
    """Nothing that a signer could sign by mistake brings the verifier down."""
    purpose = Purpose.ROOT if kind == "root" else Purpose.SIGN
    for path in places(documents[kind]):
        if path[0] in ("keys", "signature", "reading", "meaning") or len(path) > 4:
            continue
        for value in VALUES:
            document = copy.deepcopy(documents[kind])
            if type(value) is type(at(document, path)) or (path, value) == (("previous",), None):
                continue
            at(document, path[:-1])[path[-1]] = value
            reason = code(kind, resigned(world, document, purpose), trust)
            assert reason.startswith("proofs."), (path, value)


@pytest.mark.parametrize("name", ["keys", "signature"])
def test_keys_and_signatures_of_another_kind(
    documents: dict[str, Document], trust: Trust, name: str
) -> None:
    for path in [(name,), *((name, *rest) for rest in places(documents["receipt"][name]))]:
        for value in VALUES:
            document = copy.deepcopy(documents["receipt"])
            if at(document, path) == value:
                continue
            at(document, path[:-1])[path[-1]] = value
            assert code("receipt", document, trust).startswith("proofs."), (path, value)


def test_a_repeated_member(documents: dict[str, Document], trust: Trust) -> None:
    text = canonical(documents["receipt"]).decode()
    twice = text.replace('"total_mg":', '"total_mg":1,"total_mg":', 1)
    assert code("receipt", twice.encode(), trust) == "proofs.member_repeated"


@pytest.mark.parametrize(
    "number", ["1" * 5000, "9223372036854775808", "100000.0", "1e5", "NaN", "Infinity", "-Infinity"]
)
def test_numbers_that_are_no_whole_numbers_of_64_bits(
    documents: dict[str, Document], trust: Trust, number: str
) -> None:
    text = canonical(documents["receipt"]).decode()
    changed = text.replace('"total_mg":100000', f'"total_mg":{number}')
    assert changed != text
    assert code("receipt", changed.encode(), trust) == "proofs.number_refused"


@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_deep_nesting(trust: Trust, brackets: str) -> None:
    opening = '{"a":' if brackets == "{}" else "["
    for depth in (MOST_DEEP + 1, 100_000):
        text = '{"format":' + opening * depth + "1" + brackets[1] * depth + "}"
        assert code("receipt", text.encode(), trust) == "proofs.nested_deep"


def test_half_a_surrogate_pair(documents: dict[str, Document], trust: Trust) -> None:
    text = json.dumps(documents["receipt"]).replace("You rode.", "\\ud800")
    assert code("receipt", text.encode(), trust) == "proofs.text_broken"


def test_an_endless_document(trust: Trust) -> None:
    assert code("receipt", b" " * (64 * 2**20 + 1), trust) == "proofs.too_long"


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_version_of_the_format(
    world: World, documents: dict[str, Document], trust: Trust, kind: str
) -> None:
    purpose = Purpose.ROOT if kind == "root" else Purpose.SIGN
    newer = documents[kind] | {"format": f"tanzhang-{kind}/2"}
    assert code(kind, newer, trust) == "proofs.format_unknown"
    assert code(kind, resigned(world, newer, purpose), trust) == "proofs.format_unknown"


def test_an_unknown_version_of_leaves_and_entries(world: World, trust: Trust) -> None:
    for place in ("leaf", "entry"):
        document = world.receipt()
        document["outcomes"][0][place]["version"] = 2
        assert code("receipt", resigned(world, document), trust) == "proofs.leaf_unknown"


@pytest.mark.parametrize("kind", KINDS)
def test_a_member_that_the_format_does_not_know(
    world: World, documents: dict[str, Document], trust: Trust, kind: str
) -> None:
    purpose = Purpose.ROOT if kind == "root" else Purpose.SIGN
    more = documents[kind] | {"note": "trust me"}
    assert code(kind, more, trust) == "proofs.signature_wrong"
    assert code(kind, resigned(world, more, purpose), trust) == "proofs.member_unexpected"


def test_another_encoding_of_the_signature(documents: dict[str, Document], trust: Trust) -> None:
    changes: list[Callable[[str], str]] = [
        lambda value: value + "\n",
        lambda value: value.rstrip("=") + "====",
        lambda value: value[:-4],
        lambda value: "",
        lambda value: "AAAA" + value,
    ]
    for change in changes:
        document = copy.deepcopy(documents["receipt"])
        document["signature"]["value"] = change(document["signature"]["value"])
        assert code("receipt", document, trust) == "proofs.signature_wrong"
    document = copy.deepcopy(documents["receipt"])
    document["signature"]["algorithm"] = "p256"
    assert code("receipt", document, trust) == "proofs.signature_wrong"


def test_a_bare_key_does_not_speak_for_other_keys(
    world: World, documents: dict[str, Document]
) -> None:
    stranger = read_key_file(generate(Algorithm.SM2).public.pem.encode())
    assert code("receipt", documents["receipt"], stranger) == "proofs.key_unknown"
    root_key = read_key_file(world.store.current(Purpose.ROOT).public.pem.encode())
    assert code("receipt", documents["receipt"], root_key) == "proofs.key_unknown"


def test_the_honest_documents_of_these_tests_are_valid(
    documents: dict[str, Document], trust: Trust
) -> None:
    for kind in KINDS:
        assert judged(kind, documents[kind], trust).code == 0
        assert parse(canonical(documents[kind])) == documents[kind]
    assert SM3.root([digest16(1)]) != SHA256.root([digest16(1)])
    assert Span(0, 1) == (0, 1)
