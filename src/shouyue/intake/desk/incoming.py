"""Writes an upload straight to a private file, and stops when it becomes too large."""

import tempfile
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from shouyue.intake.models import uploads_folder

SIZE_MAX = 200_000_000  # bytes; larger files come in by `./shouyue import`


class PrivateFile(FileUploadHandler):
    """Keeps one file of the request under the private folder. is_too_large: it was cut off; nothing is kept."""

    is_too_large = False
    path: Path | None = None
    _file: IO[bytes] | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.path is not None:
            raise SkipFile
        # Readable by the product's own user alone.
        self._file = tempfile.NamedTemporaryFile(dir=uploads_folder(), prefix="incoming-", delete=False)  # noqa: SIM115 closed when the file is complete
        self.path = Path(self._file.name)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._file is None:
            return
        if start + len(raw_data) > SIZE_MAX:
            self.is_too_large = True
            self.forget()
            # The rest is read and thrown away, so that the browser shows our sentence and not a broken connection.
            raise StopUpload(connection_reset=False)
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if self._file is None or self.path is None:
            return None
        self._file.close()
        self._file = None
        return UploadedFile(file=BytesIO(), name=self.file_name, size=file_size)  # its bytes lie at `path`

    def upload_interrupted(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Delete what was received, if it still lies there."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self.path is not None:
            self.path.unlink(missing_ok=True)
