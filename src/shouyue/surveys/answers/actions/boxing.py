"""Put answers of anonymous waves into boxes, where they lose their order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from shouyue.kernel.canonical import canonical_json
from shouyue.store.person_keys import PersonKeys
from shouyue.store.sealed_fields import seal, unseal
from shouyue.surveys.answers.models import AnswerBox

# A box that has more is split, so none that was split has fewer than half of it.
BOX_MOST = 128


class BoxedAnswer(NamedTuple):
    """One answer without a name: marks and chosen answers, and free words."""

    marks: Mapping[str, Any]
    words: Mapping[str, Any]


def open_box(wave_id: UUID, *, at: datetime) -> None:
    """The first box of a wave, and the key of its words: made now, so that its age tells nothing of an answer."""
    PersonKeys().made_keys_for([wave_id], at=at)
    AnswerBox.objects.create(wave_id=wave_id)


@transaction.atomic(savepoint=False)
def put_in_box(wave_id: UUID, answers: Sequence[BoxedAnswer], *, at: datetime) -> None:
    """Add answers to a box that nobody holds just now, whichever it is."""
    boxes = AnswerBox.objects.filter(wave=wave_id).order_by("?")
    box = boxes.select_for_update(skip_locked=True).first() or boxes.select_for_update()[0]
    keys = PersonKeys()
    unseal([box], ["words"], keys=keys)
    before = box.words.plain if box.words is not None else []
    marks = _in_text_order([*box.marks, *(dict(one.marks) for one in answers)])
    words = _in_text_order([*before, *(dict(one.words) for one in answers if one.words)])
    boxes_now = [box]
    if len(marks) > BOX_MOST:
        # Every other one, so that neither half tells more than the other.
        boxes_now.append(AnswerBox(wave_id=wave_id, marks=marks[1::2], words=words[1::2] or None))
        marks, words = marks[::2], words[::2]
    box.marks, box.words = marks, words or None
    seal(boxes_now, at=at, keys=keys)
    for one in boxes_now:
        one.save()


def _in_text_order(answers: Sequence[Mapping[str, Any]]) -> list[Any]:
    return sorted(answers, key=canonical_json)
