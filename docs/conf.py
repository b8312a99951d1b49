"""The site: ``nox -s docs`` builds it into docs/_build/html, with warnings as errors.

Nothing is fetched: no intersphinx, no remote fonts, scripts or badges. It opens from disk.
"""

import os
import re
import sys
from importlib.metadata import version as version_of
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / ".package"))  # the tree's own code, installed or not

project = "roxham"
author = "The roxham contributors"
project_copyright = author
release = version = version_of("roxham")
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
]
exclude_patterns = ["_build"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_typehints = "none"  # a signature says them
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
add_module_names = False

html_theme = "furo"
html_title = "roxham"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_show_search_summary = False  # it fetches pages, which none may from disk
html_copy_source = False
html_show_sourcelink = False
templates_path: list[str] = []

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")
OF_THE_ROOT = {
    "ARCHITECTURE.md": "project/architecture.md",
    "CHANGELOG.md": "project/changelog.md",
    "CODE_OF_CONDUCT.md": "project/conduct.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "GOVERNANCE.md": "project/governance.md",
    "LICENSES-DATA.md": "project/licences.md",
    "README.md": "index.md",
    "examples": "gallery.md",
    "docs": "index.md",
    "docs/reference": "reference/modules.md",
}
"""Files beside docs/, and where they stand on the site."""


def with_links_of_the_site(app: Sphinx, name: str, source: list[str]) -> None:
    """Put files of the root where their stubs are, and lead links to where things are here."""
    page = HERE / f"{name}.md"
    for root, stub in OF_THE_ROOT.items():
        if stub == f"{name}.md" and name.startswith("project/"):
            page = HERE.parent / root
            source[0] = page.read_text(encoding="utf-8")

    def moved(found: re.Match[str]) -> str:
        target = (page.parent / found[1]).resolve()
        inside = OF_THE_ROOT.get(os.path.relpath(target, HERE.parent))
        place = HERE / inside if inside else target
        path = Path(os.path.relpath(place, HERE / Path(name).parent)).as_posix()
        return f"]({path}{found[2] or ''})"

    source[0] = LINK.sub(moved, source[0])


def setup(app: Sphinx) -> None:
    """Say what Pygments has no lexer for, and where links lead."""
    app.add_lexer("csv", TextLexer)
    app.connect("source-read", with_links_of_the_site)
