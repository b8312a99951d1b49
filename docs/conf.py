"""The site: ``nox -s docs`` builds it into docs/_build/html, with warnings as errors.

Nothing is fetched: no intersphinx, no remote fonts, scripts or badges. It opens from disk.
"""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

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
suppress_warnings = ["config.cache"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_typehints = "none"  # a signature says them
autodoc_member_order = "bysource"
autodoc_default_options = {"exclude-members": "count, index"}
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
html_copy_source = False
html_show_sourcelink = False
templates_path: list[str] = []
