"""Questions in a reader's language, with earlier answers piped in: "{topics}" stands for what was said there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shouyue.surveys.questionnaires.rules.questions import Answer, Choice, Question

_PIPE = re.compile(r"\{([a-z0-9_-]+)\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words as they are written; or, with a code, the answer to that question, "…" until there is one."""

    words: str
    code: str = ""


def worded(one: Question | Choice, language: str) -> str:
    """Its words in a language: Chinese for "zh…", English for all others."""
    return one.zh if language.startswith("zh") else one.en


def pieces(
    question: Question, questions: Sequence[Question], answers: Mapping[str, Answer], language: str
) -> list[Piece]:
    """The words of a question. Only earlier questions are piped; anything else in braces stays as it is written."""
    before = {one.code: one for one in questions[: questions.index(question)]}
    found: list[Piece] = []
    for place, words in enumerate(_PIPE.split(worded(question, language))):
        if place % 2 == 0:
            found.append(Piece(words))
        elif words in before:
            found.append(Piece(said(before[words], answers.get(words), language) or "…", words))
        else:
            found.append(Piece(f"{{{words}}}"))
    return [piece for piece in found if piece.words]


def said(question: Question, answer: Answer | None, language: str) -> str:
    """An answer in words; "" for none."""
    if answer is None:
        return ""
    names = {choice.code: worded(choice, language) for choice in question.choices}
    comma = "、" if language.startswith("zh") else ", "
    if isinstance(answer, dict):
        return comma.join(f"{names.get(code, code)} {mark}" for code, mark in answer.items())
    if isinstance(answer, list):
        return comma.join(names.get(code, code) for code in answer)
    return names.get(str(answer), str(answer))
