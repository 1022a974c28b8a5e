"""Bulk calls: lines of JSON in, one outcome for each line out, batch by batch, in the same memory whatever the size."""

import hashlib
import logging
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import islice
from typing import IO, Any, Final, Generic, TypeVar

import orjson
from django.db import transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel, ValidationError

from shouyue.rest import problems
from shouyue.rest.idempotency import REPLAYED, claim
from shouyue.rest.models import KeptCall, KeptChunk
from shouyue.rest.problems import ProblemError

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/x-ndjson"
BYTES_MAX: Final = 256 * 1024 * 1024
LINE_BYTES_MAX: Final = 256 * 1024
_BATCH_LINES = 500
_BATCH_BYTES = 4 * 1024 * 1024  # a batch ends with the line that reaches it
_BLOCK = 64 * 1024
_BLANK: Final = b"\r\n \t"

Outcome = dict[str, Any]
Wanted = TypeVar("Wanted", bound=BaseModel)


Read = tuple[int, Wanted | list[Outcome]]


class Bulk(Generic[Wanted]):
    """One kind of bulk call.

    schema: of a line. work: gets the good lines of a batch, inside the transaction that keeps their outcomes, and
    returns one outcome for each: {"outcome": …} and what else the caller should know. lines: of a batch.
    """

    def __init__(
        self,
        schema: type[Wanted],
        work: Callable[[Sequence[Wanted]], Sequence[Outcome]],
        *,
        lines: int = _BATCH_LINES,
    ) -> None:
        self.schema, self.work, self.lines = schema, work, lines

    def answer(self, request: HttpRequest, idempotency_key: str) -> StreamingHttpResponse:
        """The outcomes as they come. Broken off, the same call under the same key goes on where it ended.

        Raises the problems too-large, key-reused and busy before anything is done.
        """
        spool = tempfile.TemporaryFile()  # noqa: SIM115 closed by the answer that reads it
        try:
            digest = _spooled(request, spool)
            with transaction.atomic():
                kept, _is_new = claim(request, idempotency_key, body_digest=digest)
        except BaseException:
            spool.close()
            raise
        answer = StreamingHttpResponse(_Closing(self._outcomes(kept, spool), spool), content_type=MEDIA_TYPE)
        if kept.status is not None:
            answer.headers[REPLAYED] = "true"
        return answer

    def _outcomes(self, kept: KeptCall, spool: IO[bytes]) -> Generator[bytes, None, None]:
        spool.seek(0)
        lines = _lines(spool)
        number = 0
        try:
            # What an earlier call did; how many lines that was, its outcomes say.
            while done := KeptChunk.objects.filter(call=kept, number=number).first():
                yield done.body.encode()
                deque(islice(lines, done.body.count("\n")), maxlen=0)
                number += 1
            for batch in self._read_ahead(lines):
                yield self._chunk(kept, number, batch).encode()
                number += 1
            KeptCall.objects.filter(pk=kept.pk).update(status=200)
        except Exception:  # the status line is gone already: the last line must say it
            log.exception("a bulk call ended early")
            yield orjson.dumps({"problem": problems.as_object(ProblemError("failed"))}) + b"\n"

    def _read_ahead(self, lines: Iterator[tuple[int, bytes]]) -> Iterator[list[Read[Wanted]]]:
        """Batches of lines that were read; the next one is while the database has the last."""
        with ThreadPoolExecutor(1) as reader:
            coming = reader.submit(copy_context().run, self._batch, lines)
            while batch := coming.result():
                coming = reader.submit(copy_context().run, self._batch, lines)
                yield batch

    def _batch(self, lines: Iterator[tuple[int, bytes]]) -> list[Read[Wanted]]:
        batch: list[Read[Wanted]] = []
        size = 0
        for number, line in islice(lines, self.lines):
            batch.append((number, self._read(line)))
            size += len(line)
            if size >= _BATCH_BYTES:
                break
        return batch

    @transaction.atomic
    def _chunk(self, kept: KeptCall, number: int, batch: Sequence[Read[Wanted]]) -> str:
        """The kept outcomes of a batch, or its effect with its outcomes; equal calls take turns on the call's row."""
        KeptCall.objects.select_for_update().get(pk=kept.pk)
        chunk = KeptChunk.objects.filter(call=kept, number=number).first()
        if chunk is None:
            body = b"".join(orjson.dumps(one) + b"\n" for one in self._worked(batch)).decode()
            chunk = KeptChunk.objects.create(call=kept, number=number, body=body)
        return chunk.body

    def _worked(self, read: Sequence[Read[Wanted]]) -> Iterator[Outcome]:
        good = [(number, one) for number, one in read if not isinstance(one, list)]
        done = dict(zip([number for number, _one in good], self.work([one for _number, one in good]), strict=True))
        for number, one in read:
            outcome = {"outcome": "rejected", "errors": one} if isinstance(one, list) else done[number]
            yield {"line": number, **outcome}

    def _read(self, line: bytes) -> Wanted | list[Outcome]:
        """The line's value, or what is wrong with it."""
        if len(line) > LINE_BYTES_MAX:
            return [{"field": "", "code": "too_long", "message": _("The line is too long.")}]
        try:
            return self.schema.model_validate(orjson.loads(line))
        except orjson.JSONDecodeError:
            return [{"field": "", "code": "bad_json", "message": _("The line is not JSON.")}]
        except ValidationError as wrong:
            return errors_of(wrong)


class _Closing:
    """Lines of an answer that close their file even when nobody came to read the first of them."""

    def __init__(self, lines: Generator[bytes, None, None], spool: IO[bytes]) -> None:
        self._lines, self._spool = lines, spool

    def __iter__(self) -> Iterator[bytes]:
        return self._lines

    def close(self) -> None:
        """Called by the answer when it has been sent or given up."""
        self._lines.close()
        self._spool.close()


def lines_in_and_out() -> dict[str, Any]:
    """What the document says of the bodies of a bulk call, for `call`."""
    lines = {MEDIA_TYPE: {"schema": {"type": "string"}}}
    return {
        "requestBody": {"required": True, "content": lines},
        "responses": {200: {"description": gettext_noop("One outcome a line."), "content": lines}},
    }


def errors_of(wrong: ValidationError) -> list[Outcome]:
    """Each fault of a value: its field as a path, pydantic's code, and a sentence."""
    return [
        {"field": ".".join(map(str, one["loc"])), "code": one["type"], "message": one["msg"]}
        for one in wrong.errors(include_url=False, include_context=False, include_input=False)
    ]


def _spooled(request: HttpRequest, spool: IO[bytes]) -> bytes:
    """Read the body into a file, whatever its size up to BYTES_MAX; returns its SHA-256."""
    digest, size = hashlib.sha256(), 0
    while block := request.read(_BLOCK):
        size += len(block)
        if size > BYTES_MAX:
            raise ProblemError("too-large", _("Send it in parts of at most %(size)s MiB.") % {"size": BYTES_MAX >> 20})
        digest.update(block)
        spool.write(block)
    return digest.digest()


def _lines(spool: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank, with their places in the body; of a long one only so much that it is seen to be."""
    number = 0
    while line := spool.readline(LINE_BYTES_MAX + 1):
        whole, number = line, number + 1
        while not line.endswith(b"\n") and (line := spool.readline(LINE_BYTES_MAX + 1)):
            continue
        # Of a long line only the beginning is seen: blanks there do not make it blank.
        if len(whole) > LINE_BYTES_MAX or whole.strip(_BLANK):
            yield number, whole if len(whole) > LINE_BYTES_MAX else whole.strip(_BLANK)
