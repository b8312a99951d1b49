"""What a text in further languages says by which a person could be found; patterns of plain texts.

Bulgarian, Russian, German, Italian, Portuguese and more: those that people on a border, and the
papers about it, write. The words are read as the text is, look-alike letters and all.
"""

from __future__ import annotations

import re

from .plain_text import plain_text

__all__ = ["CALLED", "MARKS", "OTHER"]


def _any(words: str) -> str:
    """Return a pattern of any of some words, as they read."""
    return "(?:" + "|".join(re.escape(plain_text(word).plain) for word in words.split()) + ")"


_N = r"(?<![\d.,$€£])\d{1,3}(?![\d%])(?![.,]\d)"
_TEXT = r"[^\d.;]{0,25}"
_SLAVIC = _any(
    "мъж жена момче момиче дете бебе младеж лице мигрант жертва шофьор гражданин гражданка мужчина "
    "женщина мальчик девочка ребенок човек muškarac žena dječak djevojčica mężczyzna kobieta muž "
    "chlapec dívka чоловік жінка хлопець дівчина"
)
_ROMANCE = (
    r"(?:homem|mulher|menin[oa]|crianca|jovem|rapaz|moc[oa]|bebe|uom[oi]n?i?|donn[ae]|ragazz[oaie]"
    r"|bambin[oaie]|giovane|neonat[oa]|barbat|femeie|copil|tanar)"
)
_NO_AGE = (
    r"(?![- ](?:"
    + _any("опит договор период план затвор история традиция война срок мандат престой")
    + r"|tradition|geschichte|haft|bestehen|jubil|freiheit|erfahrung|laufzeit|streit|krieg|plan))"
)
_AGE = "|".join(
    (
        rf"{_N}[- ]?{_any('годишен годишна годишно годишния годишната годишни летний летняя')}"
        rf"(?!\w){_NO_AGE}",
        rf"\b{_SLAVIC}{_TEXT}{_N} ?{_any('години год г лет года godina lat let років роки')}(?!\w)",
        rf"{_N}[- ]?jahrige[rnms]?\b{_NO_AGE}|{_N} jahre? (?:alt|jung)\w*\b",
        rf"\b[a-z]+(?:zig|ssig|zehn)jahrige[rnms]?\b{_NO_AGE}",
        rf"\b{_ROMANCE}{_TEXT}{_N} (?:anos|anni|(?:de )?ani)\b(?! (?:di|de) (?:prisao|carcere))",
        rf"{_N} anos? de idade\b|\b\d\denne\b",
        r"\b(?:venti|trenta?|quaranta?|cinquanta?|sessanta?|settanta?|ottanta?|dici)[a-z]*enne\b",
        rf"\b(?:mann|frau|junge|madchen|kind|saugling|uomo|donna) ?\({_N}\)",
        rf"{_any('عمره عمرها العمر البالغ عمر')}\D{{0,12}}{_N}",
        rf"\b(?:nonm|fanm|gason|tifi|timoun|jenn)\b{_TEXT}{_N} (?:an|lane|mwa)\b",
        rf"{_N} yas(?:inda\w*|li|larinda)?\b|{_N}[- ]?letni\w*\b|{_N}-?lat(?:ek|ka)\b",
        rf"{_N} eves (?:ferfi|no|fiu|lany)",
        rf"{_N}[- ]?{_any('ετών χρονος χρονη χρονών')}|{_N} {_any('साल वर्षीय')}",
        rf"(?:{_N} ?|[一二三四五六七八九十]+){_any('岁 歲 歳 才 세 살')}",
        rf"{_N} jaar oud\b|{_N}[- ]jarige\b"
        rf"|\b(?:man|vrouw|jongen|meisje|kind|baby),? \(?{_N} jaar\b",
        rf"{_N}[- ]?(?:ar (?:gam+[ae]l|gamle)|vuotias|vuotiaan|tuoi\b)|{_any('อายุ')} ?{_N}",
        r"\b(?:mand|kvinde|mann|kvinne|kvinna|gutt|jente|dreng|pige|pojke|flicka)\b"
        rf"{_TEXT}{_N} ar\b",
        rf"\({_N}\),? (?:male|female|man|woman)\b|{_N} ara\b(?= gam)",
        r"\baged [ivxl]{2,7}\b|\by\.?o\.?b\b\D{0,3}\d\d|\bd\.?o\.?b\b\D{0,3}\d\d",
        r"\ba minor of \d|\bun mineur de \d|\b\d{1,3}_years?_old\b",
        rf"\b(?:baby|infant|toddler|newborn|bebe),? {_N} (?:days?|weeks?|months?|mois)\b",
        r"\b(?:his|her|their) (?:son|daughter|child|wife|husband|brother|sister|mother|father)"
        r" [a-z'-]+, \d{1,2}\b(?! (?:people|km|miles))",
        rf"(?<!\w)(?:geboren|nascid[oa]|nato|nata|{_any('роден родена роденият родился родилась')})"
        r"\b(?:[^.;\d]|\d\.?){0,25}?\b(?:1[89]|20)\d\d\b",
        r"\bnee?s? le \d{1,2} [a-z]+ \d\d\b|\bborn \d{1,2}[/.-]\d{1,2}[/.-]\d\d",
        r"\bborn (?:on|in)\b[^.;]{0,30}\bnineteen\b",
    )
)
_HOME = "|".join(
    (
        r"\b[a-z]+(?:strasse|str\.|gasse|platz|allee) \d{1,4}\b(?! km)",
        r"\b(?:in|abita(?:nte)? in|residente in) via [a-z]+,? \d|^via [a-z]+,? \d{1,4}$",
        r"\brua (?:d[aeo]s? )?[a-z]+,? \d",
        rf"(?<!\w){_any('ул бул жк')}\.[^\d]{{2,30}}(?:no ?)?\d",
        r"\b(?:liv|resid)(?:es|ed|ing) (?:at|in|on) (?:apartment|apt|house|number)\b",
    )
)
_DIGIT = "zero|oh|one|two|three|four|five|six|seven|eight|nine"
_CHIFFRE = "zero|un|deux|trois|quatre|cinq|six|sept|huit|neuf"
_CONTACT = "|".join(
    (
        rf"(?<!\w){_any('тел телефон гсм вайбър telefon handy telefono telefone gsm viber')}"
        r"(?!\w)[^\d\n]{0,15}\+?\d[\d ()/.-]{5,}\d",
        r"[\w.+-]+ ?(?:[\[(]arobase?[\])]| (?:arobase|arroba|chiocciola|klammeraffe|chez) "
        r"| \[ ?at ?\] ) ?[\w-]+ ?"
        r"(?:\.|dot|punto|point|punkt|ponto|\[ ?(?:punkt|point|punto|dot) ?\]) ?[a-z]{2,}\b",
        r"\b(?:gmail|hotmail|protonmail|icloud|videotron)\b",
        rf"(?:\b(?:{_DIGIT}|{_CHIFFRE})\b[ ,.-]*){{3}}\d{{3}}[ .-]?\d{{4}}\b",
        rf"(?:\b(?:{_DIGIT})\b[ ,.-]*){{7}}|(?:\b(?:{_CHIFFRE})\b[ ,.-]*){{7}}",
        # one sign throughout: a drawn line has several, as in 7.3-1.7-6.4 2
        *(rf"(?<![\d.,])(?:\d{sign}){{6,11}}\d(?![\d.,])" for sign in (" ", r"\.", "·", "•", "-")),
        r"\b\d{3}[·•]\d{3}[·•]\d{4}\b",
        r"\b(?:wechat|weixin|viber|discord|skype|kik|threema|imo|line id)\b ?:? ?@?[\w.#+-]{4,}\d",
        r"\b(?:insta|wechat|skype|discord|snap|kik|fb|line id) ?[:@] ?@?[\w.#+-]{3,}",
        r"(?<![\w.@/])@[a-z]+[_.\d][\w.]{2,}",
    )
)
_CASE = "|".join(
    (
        rf"(?<!\w)(?:{_any('паспорт егн лнч')}|reisepass|passaporto|pasaporte|personalausweis|egn"
        r"|cpf|codice fiscale|pesel)(?!\w)\D{0,8}[a-z]{0,3}\d[\da-z-]{5,}\b",
        r"\ba# ?\d{8,9}\b|\ba\d{3} \d{3} \d{3}\b",
    )
)
OTHER = {
    "an age": _AGE,
    "a home": _HOME,
    "a way to reach someone": _CONTACT,
    "the number of a case": _CASE,
}
"""A pattern for each kind of :func:`~roxham.layers.privacy.personal_words.personal_words`."""
CALLED = (
    r"(?<!\w)(?:namens|di nome|chamad[oa]|de nome|adli|o imieniu"
    rf"|{plain_text('на име').plain}|{plain_text('по имени').plain}"
    rf"|{plain_text('името').plain} (?:{_any('му и')} )?{_any('е')}"
    r"|(?:full|first|last|family|given) name ?:|nom de famille ?:|prenom ?:|surname ?:"
    r"|(?:victim|deceased|claimant|driver|suspect|victime|conducteur) ?:)\s+"
)
"""What stands before a name."""
MARKS = rf"(?<!\w)(?:herr|frau|sig\.?(?:ra)?|{_any('г-н г-жа господин госпожа')})\.?\s+"
"""What people are called before their name, which may be of one word."""
