"""The one way in which a whole file fails."""


class RefusedFile(Exception):
    """A file that is refused whole: none of its records is taken, and nobody else loses one."""

    def __init__(self, code: str, path: str, detail: str) -> None:
        super().__init__(code, path, detail)
        self.code = code
        self.path = path
        self.detail = detail

    @property
    def reason(self) -> str:
        """Why, without the path."""
        return f"{self.code}: {self.detail}"

    def __str__(self) -> str:
        return f"{self.path}: refused ({self.code}): {self.detail}"
