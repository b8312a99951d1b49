"""What an index shows of the project: its addresses, and README.md with links that lead somewhere.

The address of the repository is ``repository`` in pyproject.toml, beside the path of this file,
or ``ROXHAM_REPOSITORY`` where a wheel is built. Without one a package has no addresses, and of
relative links its page has the words.
"""

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

RELATIVE = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:|#)([^)]*)\)")
PAGES = {
    "Source": "",
    "Documentation": "/blob/main/docs/index.md",
    "Changelog": "/blob/main/CHANGELOG.md",
    "Issues": "/issues",
    "Security": "/blob/main/SECURITY.md",
}


def for_an_index(text: str, repository: str = "") -> str:
    """Return a page whose relative links and pictures lead to a repository.

    Without one it has the words of such links, and none of the pictures.

    Examples
    --------
    >>> page = "![A map](a.png)[MIT](LICENSE), [PyPI](https://pypi.org)"
    >>> for_an_index(page)
    'MIT, [PyPI](https://pypi.org)'
    >>> for_an_index(page, "https://example.org/r")
    '![A map](https://example.org/r/raw/main/a.png)[MIT](https://example.org/r/blob/main/LICENSE), [PyPI](https://pypi.org)'
    """

    def led(found: re.Match[str]) -> str:
        picture, words, path = found.groups()
        if repository:
            kind = "raw" if picture else "blob"
            return f"{picture}[{words}]({repository}/{kind}/main/{path})"
        return "" if picture else words

    return RELATIVE.sub(led, text).lstrip()


class AddressHook(MetadataHookInterface):
    """Gives the distribution its long description and its addresses."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the readme and the URLs."""
        given = os.environ.get("ROXHAM_REPOSITORY", self.config.get("repository", ""))
        repository = given.rstrip("/")
        if repository and not re.fullmatch(r"https://[\w.-]+(/[\w.~-]+)+", repository):
            raise ValueError(f"repository {given!r}: is no https address without credentials.")
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        page = for_an_index(text, repository)
        metadata["readme"] = {"content-type": "text/markdown", "text": page}
        metadata["urls"] = {name: repository + path for name, path in PAGES.items() if repository}
