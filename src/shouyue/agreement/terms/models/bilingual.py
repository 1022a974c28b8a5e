"""Texts of the contract exist in Chinese and in English; the reader's language chooses."""

from django.utils.translation import get_language


def in_reader_language(*, zh: str, en: str) -> str:
    """The text in the active language: Chinese for any kind of Chinese, else English; the other one if empty."""
    chinese = (get_language() or "zh-hans").startswith("zh")
    return (zh or en) if chinese else (en or zh)
