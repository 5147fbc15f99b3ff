"""What the scenario needs of a generated client. The file api.py of each generator's folder connects one."""

from typing import NamedTuple


class Summary(NamedTuple):
    """Members of an order, or of an item of the list, by which the scenario knows it again."""

    id: int
    status: str
    product: str | None
    organization: str | None


class Refused(Exception):
    """A refusal of the service, from the generated type of its body."""

    def __init__(self, status: int, codes: list[str]):
        super().__init__(status, codes)
        self.status = status
        self.codes = codes
