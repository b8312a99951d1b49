"""What a text in Spanish says by which a person could be found; patterns of plain texts."""

from __future__ import annotations

__all__ = ["SPANISH"]

_UNO = "un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"
_DIEZ = "diez|once|doce|trece|catorce|quince|dieci(?:seis|siete|ocho|nueve)"
_TREINTA = "treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa"
_WORDS = rf"(?:(?:{_TREINTA})(?: y (?:{_UNO}))?|veinti(?:{_UNO})|veinte|{_DIEZ}|{_UNO}|cien)"
NUMERO = rf"(?:(?<![\d.,$€£])\d{{1,3}}(?![\d%])(?![.,]\d)|\b{_WORDS}\b)"
PERSONA = (
    r"(?:hombres?|mujer(?:es)?|senor(?:a|as|es)?|nin[oa]s?|bebes?|jovene?s?|personas?|victimas?"
    r"|migrantes?|madre|padre|hij[oa]s?|herman[oa]s?|conductor(?:a)?|ciudadan[oa]s?"
    r"|adolescentes?|muchach[oa]s?|menor(?:es)?|ancian[oa]s?|refugiad[oa]s?|detenid[oa]s?)"
)
_AFTER = r"(?! (?:de (?!edad)|despues|antes|atras|mas|de prision|consecutivos))"
_AGE = "|".join(
    (
        rf"\b{PERSONA}(?:(?!menos|mayores|desde|durante|hace|en )[a-z ,]){{0,20}}"
        rf"(?: de |, ?| \()(?:unos |unas )?{NUMERO} anos\b{_AFTER}",
        rf"\b[a-z]+(?:an[oa]|en[oa]|es[a]?|ense) de {NUMERO} anos\b{_AFTER}",
        rf"(?:^|[,(;:] ?)(?:de )?{NUMERO} anos\b{_AFTER}",
        rf"\b(?:tenia|tiene|tenian|cumplio|cumplia|con|de) {NUMERO} anos de edad\b",
        rf"\b(?:tenia|tiene|cumplio|cumplia) {NUMERO} anos\b{_AFTER}",
        rf"\bedad(?: de| era|:)* {NUMERO}",
        rf"\b{PERSONA}[^.]{{0,20}}\b{NUMERO} (?:meses|semanas|dias)\b(?! (?:de|despues|antes))",
        rf"\b{PERSONA} ?\(\d{{1,3}}\)",
        r"\bnacid[oa]s? (?:en|el)\b[^.;]{0,25}?\b(?:1[89]|20)\d\d\b",
        r"\b(?:veint|treint|cuarent|cincuent|sesent|setent|ochent)(?:aner[oa]|on[a]?)s?\b",
    )
)
_HOME = "|".join(
    (
        r"\b(?:calle|avenida|avda\.?|colonia|bulevar|privada|callejon)"
        r" (?:(?:\d{1,2} )?[a-z.]+ ){1,4}(?:#|no\.? ?|num\.? ?)?\d{1,5}\b",
        r"\b(?:vive|vivia|reside|residia|domiciliad[oa]) en (?:la calle|el numero|calle|avenida)\b",
        r"\bapartado postal \d|\bcasa (?:numero|no\.?) ?\d|\bcarrera \d+[a-z]? ?(?:#|no\.?) ?\d",
    )
)
_CONTACT = r"\b(?:telefono|celular|movil|llame|llamar|marque)\b[^\d\n]{0,15}\+?\d[\d .()-]{5,}\d"
_CASE = "|".join(
    (
        r"\b(?:pasaporte|cedula|dni)(?: ?(?:no|num|numero|n°|nº))*\.? ?[:#]? ?[a-z]{0,3}[- ]?"
        r"\d{5,10}\b",
        r"\bexpediente(?: ?(?:no|num|numero|n°|nº))*\.? ?[:#]? ?\d[\d/-]{3,}",
        r"\b[a-z]{4}\d{6}[hm][a-z]{5}[a-z\d]\d\b",
    )
)
SPANISH = {
    "an age": _AGE,
    "a home": _HOME,
    "a way to reach someone": _CONTACT,
    "the number of a case": _CASE,
}
"""Patterns by the kind of what they find."""
