"""One form for what identifies a person: the same phone, address or card is the same text, however it was typed."""

import re
import unicodedata

_CHINESE_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})")
_IN_NUMBERS = re.compile(r"[\s()\-.·]+")
_IN_CARDS = re.compile(r"[\W_]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def phone_form(text: str, *, region: str = "CN") -> str | None:
    """E.164, e.g. "+8613800006621"; None when it cannot be a phone number.

    region: ISO 3166 code of the country for numbers without a country code.
    """
    if region == "CN" and (mobile := _CHINESE_MOBILE.fullmatch(text)):
        return f"+86{mobile[1]}"  # nearly every number; the library takes 50 times as long
    plain = _IN_NUMBERS.sub("", unicodedata.normalize("NFKC", text))
    if region == "CN" and (mobile := _CHINESE_MOBILE.fullmatch(plain)):
        return f"+86{mobile[1]}"
    form = _international(plain, region)
    # Some odd rows of zeros change once more when read again; they are nobody's number.
    return form if form and _international(form, region) == form else None


def email_form(text: str) -> str | None:
    """Lower case and full-width forms undone; None when it is not an e-mail address."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return plain if _EMAIL.fullmatch(plain) else None


def card_form(text: str) -> str | None:
    """Letters and digits, in capitals; None when nothing is left."""
    capitals = unicodedata.normalize("NFKC", text).upper()
    return _IN_CARDS.sub("", unicodedata.normalize("NFKC", capitals)) or None


def _international(plain: str, region: str) -> str | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
