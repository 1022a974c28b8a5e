"""A draft is read in, filled in and signed by both; after that it changes by amendments only."""

import base64
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from shouyue.agreement.enclosures.models import Enclosure
from shouyue.agreement.papers.queries import contract_paper, draft_paper
from shouyue.agreement.signing.actions.amendments import AmendmentRefusedError, accept, propose, turn_down
from shouyue.agreement.signing.actions.drafting import DraftRefusedError, edit_draft, start_draft
from shouyue.agreement.signing.actions.signatures import Hand, SignatureRefusedError, sign_draft
from shouyue.agreement.signing.models import Amendment, Draft, Signature
from shouyue.agreement.signing.queries import agreement_signatures
from shouyue.agreement.signing.rules.statement import WrongPassphraseError, canonical, digest, holds
from shouyue.agreement.signing.tests.source_contract import CLAUSES, as_word
from shouyue.agreement.terms.models import Agreement, Target
from shouyue.agreement.terms.public import Change, ChangeRefusedError, chapters, current_agreement, pinned_targets
from shouyue.store.models import Fact, Staff
from shouyue.web.paper import as_pdf

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 2, 10, 2, 0, tzinfo=UTC)
PASSPHRASES = {"a": "spruce and jade 7", "b": "river stone moon 9"}
# One pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def a() -> Staff:
    return Staff.objects.create_user("lin@party-a.example", name="林知夏", party="a")


@pytest.fixture
def b() -> Staff:
    return Staff.objects.create_user("zhou@party-b.example", name="周远", party="b")


@pytest.fixture
def ready(a: Staff, b: Staff) -> Draft:
    draft = start_draft(uuid4(), "SY-2026-009", by=a, at=AT)
    terms = {
        "party_a": {"name": "云杉百货有限公司"},
        "party_b": {"name": "知行客户服务有限公司"},
        "institution": "苏州仲裁委员会",
        "signatories": {"a": a.pk, "b": b.pk},
        "targets": {"loyalty_repurchase": 8500},
    }
    return edit_draft(draft.pk, terms, revision=1, by=b, at=AT)


def sign(draft: Draft, by: Staff, **changes: Any) -> Signature:
    hand = Hand(passphrase=changes.pop("passphrase", PASSPHRASES[by.party]), seal=("seal.png", PNG))
    draft.refresh_from_db()
    return sign_draft(draft.pk, hand, shown=changes.pop("shown", digest(draft.terms)), by=by, at=AT)


@pytest.fixture
def in_force(ready: Draft, a: Staff, b: Staff) -> Agreement:
    sign(ready, a)
    sign(ready, b)
    found = current_agreement()
    assert found is not None
    return found


def test_the_second_signature_puts_the_agreement_into_force(ready: Draft, a: Staff, b: Staff) -> None:
    first = sign(ready, a)
    assert sign(ready, a) == first
    assert current_agreement() is None
    sign(ready, b)
    found = current_agreement()
    assert found is not None
    # Clause 6.1: from the day of both signatures, the fifth in Shanghai.
    assert (found.number, found.starts_on, found.institution) == ("SY-2026-009", date(2026, 1, 5), "苏州仲裁委员会")
    assert {one.obligation: one.threshold_bp for one in pinned_targets(found.pk)}["loyalty_repurchase"] == 8500
    assert [(view.row.side, view.holds) for view in agreement_signatures(found)] == [("a", True), ("b", True)]
    kinds = list(Fact.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["DraftSigned", "DraftSigned", "AgreementSigned"]
    with pytest.raises(DraftRefusedError):
        edit_draft(ready.pk, {"institution": "x"}, revision=2, by=a, at=AT)


def test_a_changed_word_needs_new_signatures(ready: Draft, a: Staff, b: Staff) -> None:
    old = digest(ready.terms)
    sign(ready, a)
    edit_draft(ready.pk, {"institution": "苏州市中级人民法院"}, revision=2, by=b, at=AT)
    with pytest.raises(SignatureRefusedError) as refused:
        sign(ready, b, shown=old)
    assert refused.value.reason == "other_words"
    sign(ready, b)
    assert current_agreement() is None
    sign(ready, a)
    assert current_agreement() is not None


@pytest.mark.parametrize(
    ("terms", "reason"),
    [({"signatories": {}}, "not_the_signatory"), ({"party_b": {"name": ""}}, "incomplete")],
)
def test_a_signature_that_cannot_be_leaves_no_trace(ready: Draft, a: Staff, terms: dict[str, Any], reason: str) -> None:
    edit_draft(ready.pk, terms, revision=2, by=a, at=AT)
    with pytest.raises(SignatureRefusedError) as refused:
        sign(ready, a)
    assert refused.value.reason == reason
    assert (Signature.objects.count(), Enclosure.objects.count(), Fact.objects.count()) == (0, 0, 0)


def test_only_the_passphrase_opens_the_key(in_force: Agreement, a: Staff, b: Staff) -> None:
    with pytest.raises(WrongPassphraseError):
        _propose(in_force, a, passphrase="not the passphrase")
    row = Signature.objects.get(side="a")
    message = canonical(row.statement)
    assert holds(row.key.public_key, row.signature, message)
    assert not holds(row.key.public_key, row.signature, message + b" ")
    assert not holds(Signature.objects.get(side="b").key.public_key, row.signature, message)
    assert "PRIVATE" in row.key.sealed
    assert PASSPHRASES["a"] not in row.key.sealed


@pytest.mark.parametrize("table", ["signature", "amendment", "amendmentend", "enclosure", "partykey"])
def test_what_was_signed_cannot_be_rewritten(ready: Draft, table: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"DELETE FROM agreement_{table}")


def _change(**changes: Any) -> Change:
    values = {"kind": "target", "subject": "satisfaction", "value": {"threshold_bp": 9200}}
    return Change(**{**values, "applies_from": date(2026, 4, 1), **changes})


def _propose(agreement: Agreement, by: Staff, change: Change | None = None, passphrase: str = "") -> Amendment:
    return propose(
        agreement,
        change or _change(),
        amendment_id=uuid4(),
        reason="The first quarter was better than expected.",
        passphrase=passphrase or PASSPHRASES[by.party],
        by=by,
        at=LATER,
    )


def test_an_amended_target_judges_only_periods_from_its_day_on(in_force: Agreement, a: Staff, b: Staff) -> None:
    made = _propose(in_force, a)
    assert Target.objects.filter(obligation__code="satisfaction").count() == 1
    with pytest.raises(AmendmentRefusedError):
        accept(made.pk, passphrase=PASSPHRASES["a"], by=a, at=LATER)
    ended = accept(made.pk, passphrase=PASSPHRASES["b"], by=b, at=LATER)
    assert accept(made.pk, passphrase=PASSPHRASES["b"], by=b, at=LATER) == ended
    target = next(one for one in pinned_targets(in_force.pk) if one.obligation == "satisfaction")
    judged = [(target.on(day).version, target.on(day).threshold_bp) for day in (date(2026, 1, 1), date(2026, 4, 1))]
    assert judged == [(1, 9000), (2, 9200)]
    assert made.before == {"threshold_bp": 9000}


def test_an_amended_definition_pins_a_target_of_its_own(in_force: Agreement, a: Staff, b: Staff) -> None:
    now = in_force.definitions.get(measure="repurchase")
    value = {"text": "九十天改为六十天。", "parameters": {**now.parameters, "window_days": 60}}
    made = _propose(in_force, b, _change(kind="definition", subject="repurchase", value=value))
    accept(made.pk, passphrase=PASSPHRASES["a"], by=a, at=LATER)
    target = next(one for one in pinned_targets(in_force.pk) if one.measure == "repurchase")
    days = (date(2026, 3, 31), date(2026, 4, 1))
    assert [target.on(day).parameters["window_days"] for day in days] == [90, 60]
    assert [(target.on(day).definition_version, target.on(day).threshold_bp) for day in days] == [(1, 8500), (2, 8500)]


def test_amended_words_hold_from_their_day_on(in_force: Agreement, a: Staff, b: Staff) -> None:
    for change in (
        _change(kind="clause", subject="7.1(2)", value={"title": "及时答复", "text": "三个工作日内答复。"}),
        _change(kind="clause", subject="14.3", value={"title": "补充", "text": "双方每月会面一次。"}),
        _change(kind="term", subject="", value={"ends_on": "2027-03-31"}),
    ):
        accept(_propose(in_force, a, change).pk, passphrase=PASSPHRASES["b"], by=b, at=LATER)

    def words(on: date) -> dict[str, str]:
        with translation.override("zh-hans"):
            places = [item for top in chapters(in_force, on=on) for one in top.parts for item in (one, *one.parts)]
        return {place.number: place.text for place in places}

    before, after = words(date(2026, 3, 31)), words(date(2026, 4, 1))
    assert "五个工作日" in before["7.1(2)"]
    assert after["7.1(2)"] == "三个工作日内答复。"
    assert "14.3" not in before
    assert after["14.3"] == "双方每月会面一次。"
    in_force.refresh_from_db()
    assert in_force.ends_on == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"applies_from": date(2026, 2, 9)}, "too_early"),
        ({"value": {"threshold_bp": 9000}}, "same"),
        ({"value": {"threshold_bp": 10_001}}, "value"),
        ({"subject": "needs_analysis"}, "unknown"),
        ({"kind": "clause", "subject": "99.1", "value": {"text": "x"}}, "unknown"),
        ({"kind": "clause", "subject": "4.1", "value": {"text": " "}}, "value"),
        ({"kind": "definition", "subject": "repurchase", "value": {"text": "x", "parameters": {}}}, "value"),
        ({"kind": "term", "subject": "", "value": {"ends_on": "soon"}}, "value"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    in_force: Agreement, a: Staff, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ChangeRefusedError) as refused:
        _propose(in_force, a, _change(**changes))
    assert refused.value.reason == reason
    assert Amendment.objects.count() == 0


def test_a_refused_proposal_changes_nothing(in_force: Agreement, a: Staff, b: Staff) -> None:
    made = _propose(in_force, a)
    assert turn_down(made.pk, text="Not now.", by=b, at=LATER).kind == "refused"
    assert turn_down(_propose(in_force, a).pk, text="Mistake.", by=a, at=LATER).kind == "taken_back"
    with pytest.raises(AmendmentRefusedError):
        accept(made.pk, passphrase=PASSPHRASES["b"], by=b, at=LATER)
    assert Target.objects.filter(obligation__code="satisfaction").count() == 1


def _text(content: bytes) -> str:
    document = docx.Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_word_contract_is_read_filled_in_and_comes_out_with_every_clause(client: Client, a: Staff, b: Staff) -> None:
    client.cookies["shouyue_language"] = "en"
    client.force_login(a)
    wrong = SimpleUploadedFile("contract.docx", b"no document")
    assert client.post("/agreement/drafts/", {"id": uuid4(), "number": "SY-7", "document": wrong}).status_code == 422
    word = SimpleUploadedFile("contract.docx", as_word())
    answer = client.post("/agreement/drafts/", {"id": uuid4(), "number": "SY-7", "document": word})
    assert answer.status_code == 302
    draft = Draft.objects.get()
    page = client.get(answer.url).content.decode()
    assert "contract.docx: 11 places of the contract in your own words, 3 further ones" in page
    assert "<c-" not in page
    _fill_in(client, draft, a)
    draft.refresh_from_db()
    assert draft.terms["party_b"]["phone"] == "0512-0000 0002"
    written = _text(client.get(f"{answer.url}contract.docx").content)
    missing = [clause for clause in [*CLAUSES, "0512-0000 0002"] if clause not in written]
    assert missing == []
    # What the document lacks comes from the product's contract.
    assert "满意度" in written
    assert client.get(f"{answer.url}contract.pdf").content.startswith(b"%PDF-")
    assert as_pdf(draft_paper(draft, on=date(2026, 1, 5))).startswith(b"%PDF-")
    edit_draft(draft.pk, {"signatories": {"a": a.pk, "b": b.pk}}, revision=draft.revision, by=b, at=AT)
    sign(draft, a)
    sign(draft, b)
    signed = current_agreement()
    assert signed is not None
    words = "\n".join(str(block) for block in contract_paper(signed, on=date(2026, 1, 6)).blocks)
    assert [clause for clause in CLAUSES if clause not in words] == []


def _fill_in(client: Client, draft: Draft, by: Staff) -> None:
    """Open the form, change three fields, send everything back as a browser does."""
    page = f"/agreement/drafts/{draft.pk}/edit/"
    form = client.get(page).context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value is not None}
    sent |= {"b_phone": "0512-0000 0002", "b_email": "office@party-b.example", "signatory": by.pk}
    assert client.post(page, {**sent, "ends_on": "2025-01-01", "starts_on": "2026-01-05"}).status_code == 422
    assert client.post(page, sent).status_code == 302
    late = client.post(page, {**sent, "b_phone": "1"})
    assert (late.status_code, "changed meanwhile" in late.content.decode()) == (422, True)


def test_the_pages_of_signing(client: Client, ready: Draft, a: Staff, b: Staff) -> None:
    client.cookies["shouyue_language"] = "en"
    page = f"/agreement/drafts/{ready.pk}/"
    client.force_login(Staff.objects.create_user("shen@auditor.example", name="沈衡", party="auditor"))
    assert "Sign and seal" not in client.get(page).content.decode()
    assert client.get(f"{page}edit/").status_code == 404
    for one in (a, b):
        client.force_login(one)
        assert "Draft to sign" in client.get("/my-work/").content.decode()
        sent = {"shown": digest(ready.terms), "passphrase": PASSPHRASES[one.party], "again": "x", "confirmed": "on"}
        refused = client.post(page, {**sent, "seal": SimpleUploadedFile("s.png", b"GIF89a")})
        assert refused.status_code == 422
        assert "Choose a PNG or JPEG image." in refused.content.decode()
        sent["again"] = sent["passphrase"]
        assert client.post(page, {**sent, "seal": SimpleUploadedFile("s.png", PNG)}).status_code == 302
    assert "in force" in client.get("/agreement/").content.decode().lower()
    seal = Enclosure.objects.first()
    assert seal is not None
    assert client.get(f"/agreement/enclosures/{seal.pk}/").content == PNG
    assert len(client.get("/agreement/signatures.json").json()["signatures"]) == 2


def test_the_pages_of_amendments(client: Client, in_force: Agreement, a: Staff, b: Staff) -> None:
    client.cookies["shouyue_language"] = "en"
    client.force_login(a)
    assert "Nothing is amended" in client.get("/agreement/amendments/").content.decode()
    for kind, subject in (("definition", "repurchase"), ("clause", "4.1(1)"), ("clause", "14.9"), ("term", "")):
        assert client.get(f"/agreement/amendments/new/{kind}/?subject={subject}").status_code == 200
    for kind, subject in (("definition", "nothing"), ("target", "needs_analysis"), ("clause", "99.9"), ("other", "")):
        assert client.get(f"/agreement/amendments/new/{kind}/?subject={subject}").status_code == 404
    page = "/agreement/amendments/new/target/?subject=satisfaction"
    assert ">Customer satisfaction</p>" in client.get(page).content.decode()
    sent = {"id": uuid4(), "percent": "92", "applies_from": "2099-01-01", "reason": "A better first quarter."}
    assert client.post(page, {**sent, "passphrase": "not the right one"}).status_code == 422
    answer = client.post(page, {**sent, "passphrase": PASSPHRASES["a"]})
    assert answer.status_code == 302
    client.force_login(b)
    assert "Amendment proposed" in client.get("/my-work/").content.decode()
    assert client.post(answer.url, {"passphrase": "not the right one"}).status_code == 422
    assert client.post(answer.url, {"passphrase": PASSPHRASES["b"]}).status_code == 302
    assert "Accepted" in client.get(answer.url).content.decode()
    assert "· Customer satisfaction" in client.get(answer.url).content.decode()
    assert "· Customer satisfaction" in client.get("/agreement/amendments/").content.decode()


def test_the_list_of_amendments_asks_the_same_questions(client: Client, in_force: Agreement, a: Staff) -> None:
    client.force_login(a)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/agreement/amendments/").status_code == 200
        return len(captured)

    _propose(in_force, a)
    before = asked()
    for number in range(6):
        _propose(in_force, a, _change(value={"threshold_bp": 9300 + number}))
    assert asked() == before


def test_two_drafts_cannot_share_a_number(ready: Draft, a: Staff) -> None:
    other: UUID = uuid4()
    with pytest.raises(DraftRefusedError) as refused:
        start_draft(other, ready.number, by=a, at=AT)
    assert refused.value.reason == "number_taken"
