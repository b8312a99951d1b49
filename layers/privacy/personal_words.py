"""What a text says by which a person could be found: ages, names, homes, numbers, contacts.

English, French, Spanish and what is usual of others, digits and words. The patterns are of
plain texts (``plain_text``): small letters without accents. They rather ask too often: what is
no person's, a publisher says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from .other_words import CALLED, MARKS, OTHER
from .plain_text import LONGEST, PlainText, parts_of, plain_text
from .spanish_words import SPANISH

__all__ = ["personal_patterns", "personal_words"]

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
_NO_AGE = r"(?!suspension|prison|periode|pause|moyenne|programme|peine|duree|histoire)"
ROLE = (
    rf"{_NO_AGE}[a-z]+"
    r"(?:ien(?:ne)?|aise?|oise?|aine?|eque|eur|euse|iste|agere?|ante?)"
)
"""What people are called by where they come from or by what they do, in French."""
_RANGE = (
    r"\b(?!(?: years?)? ?(?:and|or|et|ou|-) ?(?:over|under|older|younger|above|below|more|up"
    r"|plus|moins)|(?: to |-)\d|\+)"
)
"""Behind a number that begins a group of ages, as in statistics."""
_OLD = r"[-~•·_ ]?(?:years?|yrs?|months?|weeks?|days?)[-~•·_ ]?(?:old|of age)\b"
NO_THING = r"(?! (?:treaty|agreement|law|act|rule|policy|bridge|road|line|border|report|practice))"
_AGE = "|".join(
    (
        rf"(?:{NUMBER}|\b[a-z]+){_OLD}{NO_THING}|{NUMBER}[- ]?y[/. -]{{0,2}}o\b",
        rf"\bage[ds]?[\"']?(?:[ :=]| of | at )+(?:about |around |only )?{NUMBER}{_RANGE}",
        rf"{NUMBER} years? young\b|\bb\. ?(?:1[89]|20)\d\d\b|\b(?:{_TENS})[- ]something\b",
        rf"\b(?:boy|girl|child|baby|infant|toddler|teenager|youth) of (?:{_TEENS}|{_UNITS})\b"
        r"(?! (?:[a-z]+s)\b)",
        rf"\b(?:m[ae]n|wom[ae]n|boy|girl|male|female|person) of (?:(?:{_TENS})\b"
        rf"|{NUMBER} years?\b)",
        rf"\b(?:1[89]|20)\d\d-born {PERSON}\b",
        r"^[mf] \d{2}$|\([mf] \d{2}\)",
        rf"\b(?:he|she|who|they) (?:was|is|were|are) (?:only |just |about )?{NUMBER}\b"
        r"(?=[.,;!?)]|$)",
        rf"\b(?:turn(?:ed|ing)|was turning) {NUMBER}\b",
        rf"\b(?:he|she|who) (?:would have been|would be|will be) {NUMBER}\b"
        r"(?= (?:next|this|on|in)\b|[.,;!?)]|$)",
        rf"\b(?:his|her|whose|\w+'s) age (?:is|was) (?:about )?{NUMBER}",
        rf"\b(?:age|edad)[ds]? ?\(?(?:in |en )?(?:years?|yrs|ans|anos)\)? ?[:=]? ?{NUMBER}",
        rf"\b{PERSON},? (?:(?:{_TENS})(?:[- ](?:{_UNITS}))?|{_TEENS})(?=[,.;)]|$)",
        rf"\bin (?:his|her) (?:{_TENS})[- ](?:first|second|third|[a-z]+th) year\b",
        rf"\b{PERSON} ?\({NUMBER} ?(?:years?|yrs?|months?|weeks?|days?)\)",
        rf"{NUMBER}(?:st|nd|rd|th)[- ]birthday\b",
        rf"\b(?!national|native|citizen|resident){PERSON}(?: of \w+)?,? (?:\(|of (?=\d\d\b))?"
        rf"{DIGITS}(?=[,.;)]|$)",
        rf"\b(?:national|native|citizen|resident)(?: of \w+)?, {DIGITS}(?=[,.;)]|$)",
        rf"\b{PERSON} ?\({DIGITS}\)",
        rf"\b(?:baby|infant|child|boy|girl|toddler) of {NUMBER} (?:years|months|weeks|days)\b",
        r"\b(?:m|f|h|male|female)\s?[/,]\s?\d{2}\b|\b\d{2}\s?[/,]\s?(?:m|f|h|male|female)\b(?!\.)",
        r"\bin (?:his|her|their) (?:early |mid[- ]|late )?"
        r"(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|\d0'?s)\b",
        rf"\bagee?s? (?:d'environ |d'a peine |seulement )?(?:de ?|d'|: ?|entre )?{NOMBRE}",
        rf"\b(?:{PERSONNE}|agee?s?) d'une (?:ving|tren|quaran|cinquan|soixan)taine\b",
        rf"\b(?:{PERSONNE}|couple|jumeaux|jumelles|conjoints)[a-z ]{{0,20}} (?:de |d')"
        rf"{NOMBRE}(?:, {NOMBRE})*(?: et | ou )(?:de )?{NOMBRE} ans\b",
        rf"\bage ?(?::|de|d') ?{NOMBRE} ?ans\b",
        rf"\b{PERSONNE}(?:(?!moins|plus|pendant|depuis|condamne|\ben\b|\bdans\b)[a-z ,]){{0,25}}"
        rf"(?: de |,? d'|, | \(|, agee? )?{NOMBRE} ?ans{_RANGE}",
        rf"\b{ROLE} (?:de |d'){NOMBRE} ?ans{_RANGE}(?! (?:de|d'|plus)\b)",
        rf"(?:^|[,(;:] ?){NOMBRE} ?ans\b(?! (?:de|d'|plus|apres|avant)\b)",
        rf"(?<!y )(?<!\d )\b(?:avai(?:en)?t|a|a eu|aura(?:it)?|ayant|avoir|ont|avant ses|ses|fete)"
        rf" {NOMBRE} ?ans\b(?! (?:de|d'|plus|que)\b)",
        rf"\b{PERSONNE}[^.]{{0,20}}\b{NOMBRE} ?(?:mois|semaines|jours)\b",
        r"\b(?:la|sa) (?:jeune )?(?:vingtaine|trentaine|quarantaine|cinquantaine|soixantaine)\b"
        r"(?! d[e'])",
        r"\b(?:trent|quadrag|quinquag|sexag|septuag|octog|nonag)(?:en)?(?:aire|arian)s?\b",
        r"\b(?:born|nee?s?|naissance|nacimiento|birth|dob|d\.o\.b\.?|ddn|fdn)\b[^.;]{0,25}?"
        r"(?:\b(?:1[89]|20)|')\d\d\b",
    )
)
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|crescent|boulevard|blvd|highway|hwy"
    r"|terrace|way|place)"
)
_RUE = (
    r"(?:rue|chemin|ch\.|avenue|av\.|boul\.?|boulevard|rang|montee|impasse|croissant|allee|ruelle"
    r"|quai)"
)
_NO_HOUSE = (
    r"(?!(?:km|m|metres?|meters?|miles?|mi|feet|ft|people|persons?|migrants|on|in|at|near|of|and"
    r"|to|from|january|february|march|april|may|june|july|august|september|october|november"
    r"|december|am|pm|a\.m|p\.m|hours?|h|minutes?|seconds?|percent|lanes?|north|south|east|west"
    r"|roads?|streets?|for|the|an?|is|are|was|were|has|had|by|incidents?|crossings?|ports?|years?)\b)"
)
_STATES = (
    "al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|ia|ks|ky|la|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc"
    "|nd|oh|ok|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|n\\.y\\.|n\\.h\\.|new [a-z]+|[a-z]+mont"
)
"""Before a postal code of five digits; the codes that are words of English are not looked for."""
_HOME = "|".join(
    (
        rf"(?<![\d.,/-])\b(?:(?!19|20)\d{{1,4}}-)?\d{{1,5}}[a-z]?,? {_NO_HOUSE}"
        rf"(?:(?:\d+(?:st|nd|rd|th)|[a-z'.-]+) ){{1,2}}{_STREET}\b\.?(?! \d)",
        rf"(?<![\d.,/-])\b\d{{1,5}},? (?:bis )?{_RUE} (?!(?:de )?(?:fer|\d))[a-z]",
        r"(?<![\d.,/-])\b\d{1,5},? place d'[a-z]",
        rf"\bau \d{{1,5}},? (?:de la |du |de l'){_RUE}\b",
        r"\b(?:liv(?:es|ed|ing)|resid(?:es|ed|ing)) (?:at|on) \d",
        r"\b(?:demeurant|domiciliee?|habite|habitant) (?:au|a la|le|la) \d",
        r"\b[abceghj-nprstvxy]\d[abceghj-nprstv-z][ -]?\d[abceghj-nprstv-z]\d\b",
        rf"\b(?:{_STATES}),? \d{{5}}(?:-\d{{4}})?\b",
        r"\bp\.? ?o\.? box \d|\bc\.p\.? ?\d|\bcase postale \d",
        r"\b(?:apartment|apt|appartement|app)\.? ?#?\d+[a-z]?\b",
    )
)
PROFILES = (
    r"(?:(?:t|wa|signal|fb|m)\.me|(?:facebook|fb|instagram|tiktok|snapchat)\.com|linkedin\.com/in)"
)
"""Sites where an address is somebody's."""
_CONTACT = "|".join(
    (
        r"[\w.+-]+ ?(?:@|\(at?\)|\[at\]| at (?=[\w-]+ dot )) ?[\w-]+ ?(?:\.|\(dot\)|\[dot\]| dot )"
        r" ?[a-z]{2,}\b",
        r"(?<![\d./-])(?:\+?1[-. ]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-./_ ])"
        r"[2-9]\d\d[-./_ ]\d{4}(?![\d-])",
        r"\b\d(?: \d){2} ?[-.] ?\d(?: \d){2} ?[-.] ?\d(?: \d){3}\b",
        r"\b(?:number|numero|text|sms|rejoindre|joindre|reach)\b[^\d\n]{0,15}"
        r"\+?1?[2-9]\d\d[2-9]\d{6}\b",
        r"(?<![\w.])(?!\+\d\d\.\d{4}[+-]\d{3}\.)"
        r"(?:\+|00)[1-9]\d{0,2}[-. (]{0,2}\d[\d .()-]{6,14}\d\b",
        r"\b(?:tel|telephone|phone|cell|cellulaire|mobile|portable|whatsapp|signal|call|appelez)"
        r"\b[^\d\n]{0,15}\+?\d[\d .()-]{5,}\d",
        r"(?<![\d./-])0[1-9](?:[ .-]\d\d){4}(?![\d-])",
        rf"\b(?:{PROFILES}|twitter\.com|x\.com)/[\w.@-]{{3,}}",
        r"\b(?:whatsapp|telegram|facebook|instagram|signal|snapchat|tiktok)\s?[:@]\s?@?\w+",
    )
)
_ID = r"(?: ?(?:no|nos|nr|num|numbers?|numeros?|#|n°|nº|id|file|de))*\.? ?[:#=]? ?"
_CASE = "|".join(
    (
        r"\b(?:passports?|passeports?|travel document|titre de voyage|i-94|ppt?)"
        rf"(?: (?!no\b|n[ro]\b)[a-z]+)?{_ID}"
        r"(?:[a-z]{0,3}[- ]?\d{5,9}|(?=(?:[a-z]*\d){5})[a-z\d]{6,11})\b",
        r"\b(?:uci|iuc|a-number|alien(?: registration)?|uscis|inmate|client|detainee|visa|permit"
        rf"|permis|sin|nas|ssn)\b{_ID}"
        r"[a-z]{0,3}[- ]?\d[\d-]{3,}\b",
        rf"\b(?:a-number|sin|nas|uci|iuc|uscis)\b{_ID}\d{{2,3}} \d{{3,4}} \d{{3,4}}\b",
        r"\b[a-z]\d{4}-\d{6}-\d{2}\b",
        r"\b(?:case|dossier|claim|demande(?: d'asile)?|booking|arrest|(?:incident|event)(?= n)"
        rf"|(?<!court )file(?! id))\b{_ID}"
        r"(?=[a-z\d-]*\d{4})[a-z]{0,4}[- ]?\d[\d/-]{4,}\b(?<!\d{4}-\d{2})(?<!\d{4}-\d{2}-\d{2})",
        r"\ba[- ]?\d{8,9}\b|\ba(?:\d\d|-?\d{3})-\d{3}-\d{3}\b|\ba \d{3} \d{3} \d{3}\b",
        r"\ba ?# ?\d{2,3}[- ]?\d{3}[- ]?\d{3}\b|\b\d{2}-(?:cr|cv|mj|mc)-\d{2,}\b",
        r"\bcase(?: no\.?)? \d:\d\d-[a-z]{2}-\d+",
        r"\b[mtv][abc]\d-\d{5}\b|\b\d:\d\d-[a-z]{2}-\d{3,}\b",
        r"\b\d{3}-\d{2}-\d{4}\b",
        rf"\b(?:ramq|health (?:card|insurance)|assurance[- ]maladie)\b{_ID}"
        r"(?:[a-z]{4} ?\d{4} ?\d{4}|\d{4}[ -]\d{3}[ -]\d{3})\b",
        rf"\blicen[cs]e (?=n|#){_ID}[a-z]?\d[\d-]{{4,}}\b|\bvin\b{_ID}[a-hj-npr-z\d]{{17}}\b",
        rf"\b(?:plates?|plaque|immatricul\w+|placas?)\b{_ID}[a-z]{{2,3}}[ -]?\d{{3,4}}\b",
    )
)
AGED = re.compile(rf"(?P<name>\b[a-z'-]+\.? [a-z'-]+\.?)(?:, ?| \(){DIGITS}(?=[,.;)]|$)")
"""A name with an age behind it, as newspapers write it."""
_KIN = (
    r"(?:(?:his|her|their) (?:late )?(?:husband|wife|partner|fiancee?|son|daughter|brother|sister"
    r"|mother|father|cousin|uncle|aunt|nephew|niece|friend|baby|child)"
    r"|(?:son|sa|leur) (?:mari|epou[xs]e?|femme|conjointe?|compagn[oe]n?n?e?|fils|fille|frere"
    r"|s(?:oe|œ)ur|mere|pere|cousine?|oncle|tante|neveu|niece|amie?|bebe)"
    r"|su (?:espos[oa]|hij[oa]|herman[oa]|madre|padre|prim[oa]|pareja|amig[oa]|bebe))"
)
"""What stands before the name of somebody's kin."""
_NAMED = (
    r"\b(?:named|name was|name is|identified as|known as|called|nommee?|appelee?|du nom de"
    r"|s'appel(?:le|ait)|identifiee? comme(?: etant)?|alias|identified by [a-z]+ as"
    r"|llamad[oa]s?|se llam(?:a|aba|o)|su nombre (?:era|es)|de nombre|identificad[oa]s? como"
    r"|(?:his|her|their) names? ?:|(?:gave|giving) (?:his|her|their) names? as"
    r"|(?:victim|woman|man|driver|migrant)'s name (?:is|was)|nom de la victime (?:est|etait)"
    r"|the late|feue?|r\.?i\.?p\.?|(?:widow|remains|family|parents|funeral) of|funeral for"
    r"|(?:veuve|depouille|famille|parents|funerailles|obseques) de|(?:restos|familia|viuda) de"
    rf"|{_KIN},?"
    r"|(?:body|bodies|death) of|(?:corps|mort|deces) de|cuerpo de)\s+"
)
_MARK = (
    r"\b(?:(?:mr|mrs|ms|mme|mlle|miss|dr|rev|sr|sra|srta|senora?|senorita|madame|monsieur|maitre)"
    r"\.?|m\.)\s+"
)
_SAID_OF = (
    r"(?:'s (?:body|remains|corpse|death|family|passport|widow|phone)\b"
    r"|,? (?:(?:who|has|had|later|then|also) )*(?:died|drowned|perished|froze|pleaded"
    r"|(?:was|is|were|been) (?:found|arrested|killed|injured|charged|sentenced|rescued|missing"
    r"|pronounced|detained|deported|identified|convicted|last seen)"
    r"|est (?:mort|decede|porte)|s'est noye|a ete (?:retrouve|arrete|trouve|blesse|tue|accuse)"
    r"|an? [a-z]+ (?:national|citizen|man|woman|migrant|claimant|native)\b"
    r"|(?:mother|father|mere|pere|madre|padre) (?:of|de|d')"
    r"|murio|fallecio|se ahogo|fue (?:detenid|hallad|encontrad|arrestad)))"
)
_WHO = (
    r"\b(?:victim|man|woman|driver|passenger|deceased|claimant|migrant|smuggler|victime|homme"
    r"|femme|chauffeur|conducteur|passeur|hombre|mujer|victima), "
)
KINDS = {
    "an age": _AGE,
    "a home": _HOME,
    "a way to reach someone": _CONTACT,
    "the number of a case": _CASE,
}
_TWO = r"(?P<name>(?:\w\.|[\w'-]+) (?:\w\.|[\w'-]+))"
NAME = re.compile(rf"(?:{_NAMED}|{CALLED}|{_MARK}|{MARKS})(?P<name>[\w'-]+(?:\s+[\w'-]+)?)")
_CALLED = _TWO.replace("name", "who")
TOLD_OF = re.compile(rf"(?<![\w'-]){_TWO}{_SAID_OF}|{_WHO}{_CALLED}(?=[,.;)]|$)")
"""Two words that something is said of as it is of people: a name, if each has a capital."""
NO_PERSON = re.compile(
    r"\b(?:the|an?|two|three|four|five|some|several|les?|la|des|une?|deux|trois|el|los|las|his|her"
    r"|their|its|this|that|police|patrol|guards?|canada|customs|council|service|state|states|road"
    r"|river|lake|street|bridge|county|border|national|royal|saint|st|port|fort|mount|north|south"
    r"|east|west|new|agency|office|court|hospital|township|creek|route|rue|chemin|pont|lac|riviere"
    r"|quebec|york|vermont|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|and|or|in|on|at|of|by|when|after|people|persons|migrants)\b"
)
"""Words of which none is a part of a person's name."""
WHOLE_URL = re.compile(r"\s*(?:https?://(?!(?:t|wa|signal)\.me/)\S+[\s;,|]*)+")
"""A cell of addresses of sources: what stands in them is another's page."""
IN_URL = re.compile(rf"https?://(?!(?:www\.|m\.)?{PROFILES}/)\S+")


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
    if len(text) > LONGEST:
        return tuple(
            dict.fromkeys(words for part in parts_of(text) for words in personal_words(part))
        )
    if len(text) < 3 or WHOLE_URL.fullmatch(text):
        return ()
    # An address is another's words; what stands around it is not.
    read = plain_text(IN_URL.sub(lambda found: " " * len(found[0]), text))
    found = [
        (kind, read.told(*match.span()).strip())
        for kind, pattern in _patterns().items()
        for match in pattern.finditer(read.plain)
    ]
    return (*found, *_names(read))


@cache
def personal_patterns() -> tuple[str, ...]:
    """Return patterns of plain texts of which one finds something in each that says anything."""
    return (NAME.pattern, TOLD_OF.pattern, AGED.pattern, *_sources().values())


def _sources() -> dict[str, str]:
    """Return the pattern of each kind in every language, as a text."""
    return {
        kind: "|".join((pattern, SPANISH[kind], OTHER[kind])) for kind, pattern in KINDS.items()
    }


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return the pattern of each kind: to compile them costs a quarter of a start."""
    return {kind: re.compile(source) for kind, source in _sources().items()}


def _names(read: PlainText) -> Iterator[tuple[str, str]]:
    """Yield names that the words before them call names: each part begins with a capital."""
    for match in NAME.finditer(read.plain):
        words = read.told(*match.span("name")).split()
        called = len(words) > 1 and not NO_PERSON.search(match["name"])
        if (called or _titled(match[0])) and all(word[:1].isupper() for word in words):
            yield "a name", read.told(*match.span()).strip()
    for match in TOLD_OF.finditer(read.plain):
        part = "name" if match["name"] else "who"
        words = read.told(*match.span(part)).split()
        if all(word[:1].isupper() for word in words) and not NO_PERSON.search(match[part]):
            yield "a name", read.told(*match.span(part)).strip()
    for match in AGED.finditer(read.plain):
        if all(word[:1].isupper() for word in read.told(*match.span("name")).split()):
            yield "an age", read.told(*match.span()).strip()


def _titled(words: str) -> bool:
    return re.match(f"{_MARK}|{MARKS}", words) is not None
