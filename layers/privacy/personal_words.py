"""What a text says by which a person could be found: ages, names, homes, numbers, contacts.

English and French, digits and words. The patterns are of plain texts (``plain_text``): small
letters without accents. They rather ask too often: what is no person's, a publisher says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .plain_text import PlainText, plain_text

__all__ = ["personal_words"]

_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety"
ENGLISH = rf"(?:(?:{_TENS})(?:[- ](?:{_UNITS}))?|{_TEENS}|{_UNITS}|(?:a |one )?hundred)"
_UN = "une?|deux|trois|quatre|cinq|six|sept|huit|neuf"
_DIX = "dix(?:[- ](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize"
_VINGT = "quatre[- ]vingts?|vingt|trente|quarante|cinquante|soixante|septante|octante|nonante"
FRENCH = rf"(?:(?:{_VINGT})(?:[- ](?:et[- ])?(?:{_DIX}|{_UN}))?|{_DIX}|{_UN}|cent)"
DIGITS = r"(?<![\d.,$€£])\d{1,3}(?![\d%])(?![.,]\d)"
NUMBER = rf"(?:{DIGITS}|\b{ENGLISH})"
NOMBRE = rf"(?:{DIGITS}|\b{FRENCH})"
PERSON = (
    r"(?:m[ae]n|wom[ae]n|boy|girl|child|baby|infant|toddler|teen(?:ager)?|male|female|person"
    r"|victim|migrant|claimant|driver|smuggler|mother|father|son|daughter|brother|sister|wife"
    r"|husband|grandmother|grandfather|native|citizen|resident|national|youth|student"
    r"|suspect|guide|survivor|refugee)"
)
PERSONNE = (
    r"(?:hommes?|femmes?|dames?|monsieur|messieurs|garcons?|filles?|fillettes?|enfants?|bebes?"
    r"|nourrissons?|jeunes?|ados?|adolescente?s?|personnes?|victimes?|migrante?s?|mere|pere"
    r"|fils|frere|s(?:oe|œ)ur|conducteur|conductrice|passeur|ressortissante?|citoyenne?|citoyen"
    r"|suspecte?|demandeuse|demandeur|refugiee?|octogenaire|individu|grand-mere|grand-pere)"
)
NO_AGE = (
    r"(?:peine|periode|duree|plan|bail|mandat|contrat|delai|prison|interdiction|moyenne|total"
    r"|plus|moins|programme|entente|suite|terme|histoire|absence|ecart|recul|maximum|minimum"
    r"|presence|policiere|mission|operation|chantier|projet|mise|pres|environ|intervalle|probation|detention|emprisonnement|penitencier|serie|cycle)"
)
_OLD = r"[- ]?(?:years?|yrs?|months?|weeks?|days?)[- ]?(?:old|of age)\b"
_AGE = "|".join(
    (
        rf"(?:{NUMBER}|\b[a-z]+){_OLD}|{NUMBER}[- ]?y[/. -]?o\b",
        rf"\bage[ds]?(?:[ :=]| of | at )+(?:about |around |only )?{NUMBER}\b",
        rf"\b(?:he|she|who|they) (?:was|is|were|are) (?:only |just |about )?{NUMBER}\b"
        r"(?=[.,;!?)]|$)",
        rf"\b(?:turn(?:ed|ing)|was turning) {NUMBER}\b",
        rf"{NUMBER}(?:st|nd|rd|th)[- ]birthday\b",
        rf"\b{PERSON}(?: of \w+)?,? (?:\(|of (?=\d\d\b))?{DIGITS}(?=[,.;)]|$)",
        rf"\b{PERSON} ?\({DIGITS}\)",
        rf"\b(?:baby|infant|child|boy|girl|toddler) of {NUMBER} (?:years|months|weeks|days)\b",
        r"\b(?:m|f|h|male|female)\s?[/,]\s?\d{2}\b|\b\d{2}\s?[/,]\s?(?:m|f|h|male|female)\b(?!\.)",
        r"\bin (?:his|her|their) (?:early |mid[- ]|late )?"
        r"(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|\d0'?s)\b",
        rf"\bagee?s? (?:d'environ |d'a peine |seulement )?(?:de |d'|: ?|entre )?{NOMBRE}",
        rf"\bage ?(?::|de|d') ?{NOMBRE} ?ans\b",
        rf"\b{PERSONNE}(?:(?!moins|plus|pendant|depuis)[a-z ,]){{0,25}}"
        rf"(?: de |,? d'|, | \(|, agee? )?{NOMBRE} ?ans\b",
        rf"\b(?!{NO_AGE}\b)[a-z]+ (?:de |d'){NOMBRE} ?ans\b(?! (?:de|d'|plus)\b)",
        rf"(?:^|[,(;:] ?){NOMBRE} ?ans\b(?! (?:de|d'|plus|apres|avant)\b)",
        rf"(?<!y )\b(?:avait|a|aura|ayant|avoir|ont|avaient|avant ses|ses|fete) {NOMBRE} ?ans\b"
        r"(?! (?:de|d'|plus|que)\b)",
        rf"\b{PERSONNE}[^.]{{0,20}}\b{NOMBRE} ?(?:mois|semaines|jours)\b",
        r"\b(?:la|sa) (?:jeune )?(?:vingtaine|trentaine|quarantaine|cinquantaine|soixantaine)\b"
        r"(?! d[e'])",
        r"\b(?:trent|quadrag|quinquag|sexag|septuag|octog|nonag)(?:en)?(?:aire|arian)s?\b",
        r"\b(?:born|nee?s?|naissance|birth|dob|d\.o\.b\.?)\b[^.;]{0,25}?\b(?:1[89]|20)\d\d\b",
    )
)
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|crescent|boulevard|blvd|highway|hwy"
    r"|terrace|way|place)"
)
_RUE = r"(?:rue|chemin|ch\.|avenue|av\.|boul\.?|boulevard|rang|montee|impasse|croissant|allee)"
_NO_HOUSE = (
    r"(?!(?:km|m|metres?|meters?|miles?|mi|feet|ft|people|persons?|migrants|on|in|at|near|of|and"
    r"|to|from|january|february|march|april|may|june|july|august|september|october|november"
    r"|december|am|pm|a\.m|p\.m|hours?|h|minutes?|seconds?|percent|lanes?|north|south|east|west"
    r"|roads?|streets?|for|the|incidents?|crossings?|ports?|years?)\b)"
)
_STATES = (
    "al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|ia|ks|ky|la|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc"
    "|nd|oh|ok|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|n\\.y\\.|n\\.h\\.|new [a-z]+|[a-z]+mont"
)
"""Before a postal code of five digits; the codes that are words of English are not looked for."""
_HOME = "|".join(
    (
        rf"(?<![\d.,/-])\b\d{{1,5}}[a-z]?,? {_NO_HOUSE}(?:[a-z'.-]+ ){{1,2}}{_STREET}\b\.?(?! \d)",
        rf"(?<![\d.,/-])\b\d{{1,5}},? (?:bis )?{_RUE} (?!(?:de )?(?:fer|\d))[a-z]",
        r"\b(?:liv(?:es|ed|ing)|resid(?:es|ed|ing)) (?:at|on) \d",
        r"\b(?:demeurant|domiciliee?|habite|habitant) (?:au|a la|le|la) \d",
        r"\b[abceghj-nprstvxy]\d[abceghj-nprstv-z][ -]?\d[abceghj-nprstv-z]\d\b",
        rf"\b(?:{_STATES}),? \d{{5}}(?:-\d{{4}})?\b",
        r"\b(?:apartment|apt|appartement|app)\.? ?#?\d+[a-z]?\b",
    )
)
_CONTACT = "|".join(
    (
        r"[\w.+-]+ ?(?:@|\(at\)|\[at\]| at (?=[\w-]+ dot )) ?[\w-]+ ?(?:\.|\(dot\)|\[dot\]| dot )"
        r" ?[a-z]{2,}\b",
        r"(?<![\d./-])(?:\+?1[-. ]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])"
        r"[2-9]\d\d[-. ]\d{4}(?![\d-])",
        r"(?<![\w.])(?!\+\d\d\.\d{4}[+-]\d{3}\.)"
        r"(?:\+|00)[1-9]\d{0,2}[-. (]{0,2}\d[\d .()-]{6,14}\d\b",
        r"\b(?:tel|telephone|phone|cell|cellulaire|mobile|portable|whatsapp|signal|call|appelez)"
        r"\b[^\d\n]{0,15}\+?\d[\d .()-]{5,}\d",
        r"\b(?:whatsapp|telegram|facebook|instagram|signal|snapchat|tiktok)\s?[:@]\s?@?\w+",
    )
)
_ID = r"(?: ?(?:no|nos|nr|num|numbers?|numeros?|#|n°|nº|id|file|de))*\.? ?[:#=]? ?"
_CASE = "|".join(
    (
        rf"\b(?:passports?|passeports?){_ID}[a-z]{{0,3}}[- ]?\d{{5,9}}\b",
        rf"\b(?:uci|iuc|a-number|alien|client|detainee|visa|permit|permis|sin|nas|ssn)\b{_ID}"
        r"[a-z]{0,3}[- ]?\d[\d-]{3,}\b",
        rf"\b(?:case|dossier|claim|demande|booking|arrest|file(?! id))\b{_ID}"
        r"(?=[a-z\d-]*\d{4})[a-z]{0,4}[- ]?\d[\d/-]{4,}\b(?<!\d{4}-\d{2})(?<!\d{4}-\d{2}-\d{2})",
        r"\ba[- ]?\d{8,9}\b|\ba\d{2,3}-\d{3}-\d{3}\b",
        r"\b[mtv][abc]\d-\d{5}\b|\b\d:\d\d-[a-z]{2}-\d{3,}\b",
        r"\b\d{3}-\d{2}-\d{4}\b",
    )
)
AGED = re.compile(rf"(?P<name>\b[a-z'-]+ [a-z'-]+)(?:, ?| \(){DIGITS}(?=[,.;)]|$)")
"""A name with an age behind it, as newspapers write it."""
_NAMED = (
    r"\b(?:named|name was|name is|identified as|known as|called|nommee?|appelee?|du nom de"
    r"|s'appel(?:le|ait)|identifiee? comme(?: etant)?|alias)\s+"
)
_MARK = r"\b(?:mr|mrs|ms|mme|mlle|miss)\.?\s+"
KINDS = {
    kind: re.compile(pattern)
    for kind, pattern in (
        ("an age", _AGE),
        ("a home", _HOME),
        ("a way to reach someone", _CONTACT),
        ("the number of a case", _CASE),
    )
}
NAME = re.compile(rf"(?:{_NAMED}|{_MARK})(?P<name>[\w'’-]+(?:\s+[\w'’-]+)?)")
WHOLE_URL = re.compile(r"\s*(?:https?://\S+[\s;,|]*)+")
"""A cell of addresses of sources: what stands in them is another's page."""
IN_URL = re.compile(r"https?://\S+")


@lru_cache(maxsize=50_000)
def personal_words(text: str) -> tuple[tuple[str, str], ...]:
    """Return what a text says of a person: kinds, and the words as they were written.

    Examples
    --------
    >>> personal_words("Une dame de trente-quatre ans")
    (('an age', 'dame de trente-quatre ans'),)
    >>> personal_words("34 ways, in 2017-08")
    ()
    """
    if len(text) < 3 or WHOLE_URL.fullmatch(text):
        return ()
    # An address is another's words; what stands around it is not.
    read = plain_text(IN_URL.sub(lambda found: " " * len(found[0]), text))
    found = [
        (kind, read.told(*match.span()).strip())
        for kind, pattern in KINDS.items()
        for match in pattern.finditer(read.plain)
    ]
    return (*found, *_names(read))


def _names(read: PlainText) -> Iterator[tuple[str, str]]:
    """Yield names that the words before them call names: each part begins with a capital."""
    for match in NAME.finditer(read.plain):
        words = read.told(*match.span("name")).split()
        long_enough = len(words) > 1 or _titled(match[0])
        if long_enough and all(word[:1].isupper() for word in words):
            yield "a name", read.told(*match.span()).strip()
    for match in AGED.finditer(read.plain):
        if all(word[:1].isupper() for word in read.told(*match.span("name")).split()):
            yield "an age", read.told(*match.span()).strip()


def _titled(words: str) -> bool:
    return re.match(_MARK, words) is not None
