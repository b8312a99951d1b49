"""Workbooks written by hand: as small as a spreadsheet writes them, or as no spreadsheet would."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
Cell = str | int | float | None


def write_xlsx(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    merged: Sequence[str] = (),
    replace: tuple[str, str] = ("", ""),
    parts: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a workbook; ``replace`` changes the XML of every sheet, ``parts`` adds files."""
    spans = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{k}.xml" ContentType="application/vnd.'
            'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for k in range(1, len(sheets) + 1)
        )
        out.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/><Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main'
            f'+xml"/>{types}</Types>',
        )
        out.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{k}" r:id="r{k}"/>'
            for k, name in enumerate(sheets, start=1)
        )
        out.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{listed}</sheets></workbook>',
        )
        links = "".join(
            f'<Relationship Id="r{k}" Type="{REL}/worksheet" Target="worksheets/sheet{k}.xml"/>'
            for k in range(1, len(sheets) + 1)
        )
        out.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        )
        for k, rows in enumerate(sheets.values(), start=1):
            body = "".join(_row(number, row) for number, row in enumerate(rows, start=1))
            areas = f"<mergeCells>{spans}</mergeCells>" if spans else ""
            xml = f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{areas}</worksheet>'
            out.writestr(
                f"xl/worksheets/sheet{k}.xml", xml.replace(*replace) if replace[0] else xml
            )
        for name, data in (parts or {}).items():
            out.writestr(name, data)
    return path


def _row(number: int, row: Sequence[Cell]) -> str:
    cells = []
    for k, value in enumerate(row):
        at = f"{chr(65 + k)}{number}"
        if isinstance(value, str):
            text = escape(value)
            cells.append(f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>')
        elif value is not None:
            cells.append(f'<c r="{at}"><v>{value}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def write_ods(path: Path, rows: Sequence[Sequence[Cell]], *, more: str = "") -> Path:
    """Write an OpenDocument spreadsheet of one sheet; ``more`` is XML after its rows."""
    body = ""
    for row in rows:
        cells = ""
        for value in row:
            if value is None:
                cells += "<table:table-cell/>"
            elif isinstance(value, str):
                text = f"<text:p>{escape(value)}</text:p>"
                cells += f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
            else:
                said = f'office:value-type="float" office:value="{value}"'
                cells += f"<table:table-cell {said}/>"
        body += f"<table:table-row>{cells}</table:table-row>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("mimetype", kind, zipfile.ZIP_STORED)
        out.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{OFFICE}:office:1.0" '
            f'xmlns:table="{OFFICE}:table:1.0" xmlns:text="{OFFICE}:text:1.0" office:version="1.2">'
            '<office:body><office:spreadsheet><table:table table:name="Sheet1">'
            f"{body}{more}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
        out.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0"><manifest:file-entry '
            f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
    return path
