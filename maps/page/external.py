"""A page whose scripts, styles and data are files beside it, for hosts that allow none inside."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape, unescape
from pathlib import Path

from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.contained import file_within

__all__ = ["beside", "gathered"]

NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
STYLE = re.compile(r"<style>(.*?)</style>\n?", re.DOTALL)
SCRIPT = re.compile(r"<script>(.*?)</script>\n?", re.DOTALL)
DATA = re.compile(r'<script type="application/json" id="([^"]+)">(.*?)</script>\n?', re.DOTALL)
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">')
HASHES = re.compile(r"'sha256-[^']+'(?: 'sha256-[^']+')*")
INSIDE = re.compile(r'url\("data:(?:font|image)/(\w+);base64,([^"]+)"\)')
BLOCKS = "globalThis.roxhamBlocks = "
BESIDE = re.compile(
    r'<(link|script) (?:rel="stylesheet" href="([^"]+)"|defer src="([^"]+)") integrity="([^"]+)">'
    r"(?:</script>)?"
)
"""The tags of these files, as :func:`_tag` writes them."""


def beside(html: str, path: Path) -> dict[str, bytes]:
    """Return the files that a page becomes, by name: the page, ``.js``, ``.data.js``, ``.css``.

    Fonts and images of the style sheet are files of their own too, named by what they hold. The
    page names each script and style with its SHA-384, so that a browser runs no other.

    Parameters
    ----------
    html
        A page of ours: scripts and styles inside, nothing loaded.
    path
        Where the page will be; the files stand beside it.
    """
    files: dict[str, bytes] = {}

    def out(found: re.Match[str]) -> str:
        content = base64.b64decode(found[2])
        name = f"{path.stem}-{hashlib.sha256(content).hexdigest()[:12]}.{found[1]}"
        files[name] = content
        return f'url("{name}")'

    style = INSIDE.sub(out, "\n".join(STYLE.findall(NOSCRIPT.sub("", html))))
    blocks = {name: json.loads(text) for name, text in DATA.findall(html)}
    data = f"{BLOCKS}{json.dumps(blocks, ensure_ascii=False)};\n"
    names = {
        f"{path.stem}.css": style.encode(),
        f"{path.stem}.data.js": data.encode(),
        f"{path.stem}.js": "".join(f"{text};\n" for text in SCRIPT.findall(html)).encode(),
    }
    tags = [_tag(name, content) for name, content in names.items()]
    bare = SCRIPT.sub("", DATA.sub("", STYLE.sub("", html)))
    bare = POLICY.sub(lambda found: _of_files(found[0]), bare, count=1)
    page = bare.replace("</head>", "\n".join(tags) + "\n</head>", 1)
    return {**files, **names, path.name: page.encode()}


def gathered(html: str, path: Path) -> str:
    """Return a page with its scripts, styles and data inside again, as ``beside`` took them out.

    Raises
    ------
    DataError
        If a file of the page is not there, or is not the one that it names.
    """
    faults: list[Fault] = []

    def inside(found: re.Match[str]) -> str:
        name, digest = unescape(found[2] or found[3]), found[4]
        try:
            content = file_within(path.parent, name).read_bytes()
        except (DataError, OSError):
            faults.append(Fault(str(path), f"its file {shown(name)} is not there."))
            return ""
        if digest != _digest(content):
            faults.append(Fault(str(path), f"{shown(name)} is not the file that it names."))
        text = content.decode("utf-8", errors="replace")
        if found[1] == "link":
            return f"<style>{text}</style>"
        if not text.startswith(BLOCKS):
            return f"<script>{text}</script>"
        try:
            blocks = json.loads(text[len(BLOCKS) :].strip().removesuffix(";"))
        except ValueError:
            blocks = {}
            faults.append(Fault(str(path), f"{shown(name)} is no data of a page."))
        return "".join(
            f'<script type="application/json" id="{escape(block)}">{_safe(value)}</script>'
            for block, value in blocks.items()
        )

    whole = BESIDE.sub(inside, html)
    if faults:
        raise DataError(faults)
    return whole


def _safe(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _digest(content: bytes) -> str:
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


def _of_files(policy: str) -> str:
    """Return the page's own policy with its host's files in place of what was inside."""
    policy = HASHES.sub("'self'", policy)
    policy = policy.replace("font-src data:", "font-src 'self'")
    return policy.replace("img-src data:", "img-src 'self' data:")


def _tag(name: str, content: bytes) -> str:
    digest = _digest(content)
    if name.endswith(".css"):
        return f'<link rel="stylesheet" href="{name}" integrity="{digest}">'
    return f'<script defer src="{name}" integrity="{digest}"></script>'
