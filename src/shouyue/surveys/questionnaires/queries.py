"""What is known of questionnaires."""

from shouyue.surveys.questionnaires.models import Questionnaire
from shouyue.surveys.questionnaires.rules.questions import Question, read
from shouyue.surveys.questionnaires.rules.templates import TEMPLATES


def questions_of(questionnaire: Questionnaire) -> tuple[Question, ...]:
    """Its questions in order; none for marks that came from a file."""
    return read(questionnaire.questions)


def askable() -> list[tuple[str, str]]:
    """Code and title of every questionnaire that a wave can ask: the shipped ones first, satisfaction on top."""
    return [(one.code, one.title) for one in newest_versions() if not one.is_draft or one.version > 1]


def newest_versions() -> list[Questionnaire]:
    """The newest version of every questionnaire that asks something, drafts too."""
    rows = Questionnaire.objects.exclude(is_draft=False, questions=[]).order_by("code", "-version").distinct("code")
    known = {one.code: one for one in rows}
    shipped = [known[code] if code in known else _as_shipped(code) for code in TEMPLATES]
    return shipped + [one for code, one in known.items() if code not in TEMPLATES]


def versions_of(code: str) -> list[Questionnaire]:
    """Every version, newest first; a draft is the first."""
    found = list(Questionnaire.objects.filter(code=code).order_by("-version"))
    return [_as_shipped(code)] if not found and code in TEMPLATES else found


def _as_shipped(code: str) -> Questionnaire:
    """What nobody has used yet, as its first version will be; not in the database."""
    template = TEMPLATES[code]
    return Questionnaire(
        code=code,
        version=1,
        title_zh=template.title_zh,
        title_en=template.title_en,
        questions=template.rows(),
        is_stepped=template.is_stepped,
        is_shipped=True,
    )
