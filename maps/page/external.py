"""A page whose scripts, styles and data are files beside it, for hosts that allow none inside."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

__all__ = ["beside"]

NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
STYLE = re.compile(r"<style>(.*?)</style>\n?", re.DOTALL)
SCRIPT = re.compile(r"<script>(.*?)</script>\n?", re.DOTALL)
DATA = re.compile(r'<script type="application/json" id="([^"]+)">(.*?)</script>\n?', re.DOTALL)
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">')
HASHES = re.compile(r"'sha256-[^']+'(?: 'sha256-[^']+')*")
INSIDE = re.compile(r'url\("data:(?:font|image)/(\w+);base64,([^"]+)"\)')


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
    data = f"globalThis.roxhamBlocks = {json.dumps(blocks, ensure_ascii=False)};\n"
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


def _of_files(policy: str) -> str:
    """Return the page's own policy with its host's files in place of what was inside."""
    policy = HASHES.sub("'self'", policy)
    policy = policy.replace("font-src data:", "font-src 'self'")
    return policy.replace("img-src data:", "img-src 'self' data:")


def _tag(name: str, content: bytes) -> str:
    digest = f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"
    if name.endswith(".css"):
        return f'<link rel="stylesheet" href="{name}" integrity="{digest}">'
    return f'<script defer src="{name}" integrity="{digest}"></script>'
