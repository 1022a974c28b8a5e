"""The desk pages and the command for keys and webhooks: what is shown once, who may what."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.house.checks.pages import raw_components

from shouyue.main import api_keys
from shouyue.rest.models import ApiKey, Delivery, DeliveryState, Webhook
from shouyue.rest.rules import tokens
from shouyue.store.models import Party, Staff

AT = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
HOME = "/integrations/"


def signed_in(party: Party) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(Staff.objects.create_user(f"{party}@example.org", name=party, party=party))
    return client


def key_form(**more) -> dict:
    return {"key-name": "till", "key-scopes": ["customers:read", "purchases:write"], "key-days": "30", **more}


def webhook_form(**more) -> dict:
    return {"webhook-url": "https://example.org/hook", "webhook-kinds": ["MeasuresTaken"], **more}


def delivery(webhook: Webhook, position: int) -> Delivery:
    return Delivery.objects.create(
        id=f"00000000-0000-0000-0000-{position:012}",
        webhook=webhook,
        kind="MeasuresTaken",
        position=position,
        body="{}",
        state=DeliveryState.FAILED,
        attempts=10,
        created_at=AT,
        last_error="timeout",
    )


@pytest.mark.django_db
def test_a_new_key_is_shown_once_and_works():
    client = signed_in(Party.A)
    page = client.post(f"{HOME}keys", key_form())
    [shown] = re.findall(r"shy_\w{10}_[\w-]{43}", page.content.decode())
    assert (page.status_code, page.headers["Cache-Control"]) == (
        200,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert Client().get("/api/v1/customers", headers={"Authorization": f"Bearer {shown}"}).status_code == 200
    later = client.get(HOME).content.decode()
    assert tokens.parse(shown).prefix in later
    assert tokens.parse(shown).secret not in later


@pytest.mark.django_db
def test_a_key_is_revoked_on_its_line():
    client = signed_in(Party.A)
    client.post(f"{HOME}keys", key_form())
    key = ApiKey.objects.get()
    answer = client.post(f"{HOME}keys/{key.prefix}/revoke")
    assert (answer.status_code, answer.headers["Location"]) == (302, HOME)
    assert ApiKey.objects.get().revoked_by == f"staff:{Staff.objects.get().pk}"


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"key-name": ""}, {"key-name": "a\x07b"}, {"key-scopes": []}, {"key-days": "9999"}])
def test_a_key_form_that_is_refused_comes_back(wrong):
    page = signed_in(Party.A).post(f"{HOME}keys", key_form(**wrong))
    assert (page.status_code, ApiKey.objects.count()) == (422, 0)
    assert 'class="error"' in page.content.decode()


@pytest.mark.django_db
def test_a_webhook_is_made_switched_and_its_deliveries_replayed():
    client = signed_in(Party.A)
    page = client.post(f"{HOME}webhooks", webhook_form())
    assert len(re.findall(r"whsec_[\w+/]{43}=", page.content.decode())) == 1
    webhook = Webhook.objects.get()
    one = delivery(webhook, 1)
    assert "timeout" in client.get(f"{HOME}webhooks/{webhook.pk}/").content.decode()
    client.post(f"{HOME}deliveries/{one.pk}/replay")
    one.refresh_from_db()
    assert (one.state, one.attempts) == ("waiting", 0)
    switched = []
    for _time in range(2):
        client.post(f"{HOME}webhooks/{webhook.pk}/switch")
        switched.append(Webhook.objects.get().is_enabled)
    assert switched == [False, True]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook-url": "http://example.org/"},
        {"webhook-url": "https://a:b@example.org/"},
        {"webhook-kinds": ["Nothing"]},
    ],
)
def test_a_webhook_form_that_is_refused_comes_back(wrong):
    page = signed_in(Party.A).post(f"{HOME}webhooks", webhook_form(**wrong))
    assert (page.status_code, Webhook.objects.count()) == (422, 0)
    assert 'class="error"' in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("party", "may_replay"), [(Party.B, True), (Party.AUDITOR, False)])
def test_others_look_and_do_not_change(party, may_replay):
    signed_in(Party.A).post(f"{HOME}keys", key_form())
    signed_in_a = Client(headers={"Accept-Language": "en"})
    signed_in_a.force_login(Staff.objects.get())
    signed_in_a.post(f"{HOME}webhooks", webhook_form())
    webhook, key = Webhook.objects.get(), ApiKey.objects.get()
    one = delivery(webhook, 1)
    client = signed_in(party)
    page = client.get(HOME).content.decode()
    assert key.prefix in page
    assert "<form" not in re.sub(r"(?s)<header.*?</header>|<dialog.*?</dialog>|<nav.*?</nav>", "", page)
    refused = {
        f"{HOME}keys": key_form(),
        f"{HOME}keys/{key.prefix}/revoke": {},
        f"{HOME}webhooks": webhook_form(),
        f"{HOME}webhooks/{webhook.pk}/switch": {},
    }
    assert [client.post(url, form).status_code for url, form in refused.items()] == [403] * 4
    assert client.post(f"{HOME}deliveries/{one.pk}/replay").status_code == (302 if may_replay else 403)
    assert (ApiKey.objects.get().revoked_at, Webhook.objects.get().is_enabled) == (None, True)


@pytest.mark.django_db
def test_strangers_are_sent_to_sign_in():
    assert Client().get(HOME).headers["Location"].startswith("/account/login/")


@pytest.mark.django_db
def test_pages_are_whole_and_ask_as_much_for_many_as_for_one(django_assert_num_queries):
    client = signed_in(Party.A)
    client.post(f"{HOME}webhooks", webhook_form())
    webhook = Webhook.objects.get()
    delivery(webhook, 1)
    pages = [client.get(HOME).content.decode(), client.get(f"{HOME}webhooks/{webhook.pk}/").content.decode()]
    assert [raw_components(page) for page in pages] == [[], []]
    with django_assert_num_queries(5):
        client.get(f"{HOME}webhooks/{webhook.pk}/")
    for position in range(2, 31):
        delivery(webhook, position)
    with django_assert_num_queries(5):
        client.get(f"{HOME}webhooks/{webhook.pk}/")


@pytest.mark.django_db
def test_the_command_makes_lists_and_revokes_keys(capsys):
    assert api_keys.add_key(name="till", wanted="customers:read, purchases:write", days=30) == 0
    said = capsys.readouterr()
    token = tokens.parse(said.out.strip())
    key = ApiKey.objects.get()
    assert (token.prefix, key.scopes) == (key.prefix, ["customers:read", "purchases:write"])
    assert "Good until" in said.err
    assert api_keys.end_key(key.prefix) == 0
    assert api_keys.list_keys() == 0
    listed = capsys.readouterr().out
    assert re.fullmatch(
        rf"{key.prefix}  revoked  until \d{{4}}-\d\d-\d\d  used never       customers:read,purchases:write  till\n",
        listed,
    )
    assert api_keys.end_key("nobody") == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"wanted": ""}, "name its scopes by comma"),
        ({"wanted": "everything"}, "there is no scope 'everything'"),
        ({"days": 0}, "good for 1 to 730 days"),
        ({"name": ""}, "needs a name"),
    ],
)
def test_the_command_says_what_is_wrong(capsys, words, said):
    assert api_keys.add_key(**{"name": "till", "wanted": "all", "days": 30, **words}) == 2
    assert said in capsys.readouterr().err
    assert ApiKey.objects.count() == 0
