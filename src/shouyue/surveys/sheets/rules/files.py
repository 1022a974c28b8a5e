"""Which files are taken as answers: pictures and PDFs of a bounded size, known by their first bytes."""

from shouyue.surveys.questionnaires.rules.saying import AnswerRefusedError

FILE_BYTES_MAX = 4 * 1024 * 1024
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)


def kind_of(code: str, content: bytes) -> str:
    """The kind of media. Raises AnswerRefusedError (large, not_picture) for what is not taken. code: the question's."""
    if len(content) > FILE_BYTES_MAX:
        raise AnswerRefusedError(code, "large")
    found = next((kind for start, kind in _STARTS if content.startswith(start)), None)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        found = "image/webp"
    if found is None:
        raise AnswerRefusedError(code, "not_picture")
    return found
