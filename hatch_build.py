"""What an index shows of README.md: without links and pictures that lead nowhere from there."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

RELATIVE = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:|#)[^)]*\)")


def for_an_index(text: str) -> str:
    """Return a page with the words of relative links, and none of its relative pictures.

    Examples
    --------
    >>> for_an_index("![A map](a.png)[MIT](LICENSE), [PyPI](https://pypi.org)")
    'MIT, [PyPI](https://pypi.org)'
    """
    return RELATIVE.sub(lambda found: "" if found[1] else found[2], text).lstrip()


class ReadmeHook(MetadataHookInterface):
    """Gives the distribution its long description."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the readme."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": for_an_index(text)}
