"""Lines of CSV that are nothing but fields and commas, found without looking at single bytes."""

import re

# What a CSV reader must look at; everything else is content.
_MARKS = b",\n\r\"\0"
_CONTENT = bytes(set(range(256)) - set(_MARKS))

# Runs of lines are compared in steps of powers of two, up to this one.
_LARGEST_STEP = 12

_LONE_CR = re.compile(rb"\r(?!\n)")


def marks_of(block: bytes) -> bytes:
    """What is left of the bytes of a block when all content is taken out."""
    return block.translate(None, _CONTENT)


class PlainLines:
    """Lines with a given number of commas, one kind of line end, no quote, NUL or other carriage return."""

    def __init__(self, commas: int, end: bytes) -> None:
        self.end = end
        # The marks of one line.
        self.line = b"," * commas + end
        self._steps = [self.line * 2**power for power in range(_LARGEST_STEP + 1)]

    def run(self, marks: bytes, at: int, block: bytes, start: int) -> int:
        """With how many plain lines `block[start:]`, whose marks are `marks[at:]`, begins; in time that follows from the answer."""
        lines = 0
        power = 0
        while marks.startswith(self._steps[power], at + lines * len(self.line)):
            lines += 2**power
            power = min(power + 1, _LARGEST_STEP)
        for smaller in reversed(range(power)):
            if marks.startswith(self._steps[smaller], at + lines * len(self.line)):
                lines += 2**smaller
        if self.end == b"\n" or lines == 0:
            return lines
        # Marks do not tell whether a carriage return stands right before its line feed.
        lone = _LONE_CR.search(block, start)
        return lines if lone is None else min(lines, block.count(b"\n", start, lone.start()))
