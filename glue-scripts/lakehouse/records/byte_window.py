"""A view that slides over a file."""

from .content import Content

# A pending record doubles what is read for it, up to steps of this many bytes.
_MAX_STEP = 16 * 1024 * 1024

_MARK = "\ufeff".encode()


class ByteWindow:
    """
    `data[start:]` is read and not yet consumed. It grows while one record needs more, by doubling, so that trying again
    stays linear in the size of the file.
    """

    def __init__(self, content: Content, chunk: int) -> None:
        self.data = b""
        self.start = 0
        # The end of the file stands at the end of `data`.
        self.done = False
        self._content = content
        self._chunk = chunk

    @property
    def pending(self) -> int:
        """How many bytes are not consumed."""
        return len(self.data) - self.start

    def more(self) -> None:
        """Reads on; what was consumed goes, so look `start` and `data` up again."""
        read = self._content.read(max(self._chunk, min(self.pending, _MAX_STEP)))
        self.data = self.data[self.start :] + read
        self.start = 0
        self.done = not read

    def skip_mark(self) -> None:
        """Passes over a byte order mark at the begin of the file."""
        while not self.done and len(self.data) < len(_MARK):
            self.more()
        if self.data.startswith(_MARK):
            self.start = len(_MARK)
