"""The rule on words: neutral terms but in what a text quotes, and no advice."""

from __future__ import annotations

import re
from functools import lru_cache

from roxham.layers.privacy.plain_text import LONGEST, parts_of, plain_text

from .rules import NOTHING, Answer, Frames, some, text_columns

__all__ = ["OWN_WORDS", "advice", "terms", "unfit"]

TERMS = re.compile(
    r"\billegal(ly)? (cross|enter|entr|migra|immigra|alien|border)\w*|\billegals?\b|\baliens\b"
    r"|\bbogus\b|\bfloods? of (migrants|refugees)|\bclandestins\b|\bsans-papiers\b"
    r"|\b(migrant|immigrant|passage|traversee|entree)e?s? (illega|clandestin)\w*"
    r"|\b(?:migrant|immigrant|personne)s? en situation illegale\b"
    r"|\b(?:immigration|passeurs?) clandestine?s?\b|\bqueue[- ]jumpers?\b|\banchor bab(?:y|ies)\b"
    r"|\b(?:invasion|horde|swarm)s? of (?:\w+ )?(?:migrants|refugees|immigrants)\b"
    r"|\bfaux refugies\b|\bilegales\b|\b(in)?migrantes? ilegal\w*",
    re.IGNORECASE,
)
_WAY = r"(?:place|spot|time|way|route|path|point|road|hour|moment|crossing)s?"
_CROSS = r"(?:cross|enter|slip|sneak|get) ?"
_SEEN = (
    r"(?:patrols?|police|cameras?|guards?|officers?|surveillance|sensors?|agents?|border patrol)"
)
_HERE = r"(?= (?:at|on|in|here|there|after|before|during|along|around|nearby|this)\b|[.,;!]|$)"
_OFFICERS = (
    r"(?:the )?(?:border )?(?:patrols?|police|detection|agents|guards|checkpoints?|officers)"
)
_ENGLISH = (
    rf"\b(?:best|safest|easiest|quietest|easy|safe|quiet|secret|hidden) {_WAY} (?:to|for|of) "
    rf"(?:{_CROSS}|crossing|entering)\w*",
    r"\bhow to (?:cross|evade|avoid|sneak|slip)\b|\bundetected\b|\bwhere to (?:cross|sneak|slip)\b",
    rf"\b(?:evade|avoid|dodge|elude|outrun) {_OFFICERS}\b",
    rf"\b(?:no|without|few|fewer) {_SEEN}{_HERE}|\bun(?:guarded|patrolled|watched|policed)\b",
    r"\b(?:nobody|no one) (?:watches|sees|looks)\b|\bnot be (?:seen|noticed|caught)\b",
    r"\b(?:sneak|slip) (?:across|over|through|past)\b|\bshift change\b",
    r"\bpatrols? (?:pass|change|come|leave|stop|end)s? (?:every|at|after|around|by)\b",
    rf"\b(?:hide|(?:keep|stay) (?:clear|away)) (?:from|of) (?:{_OFFICERS}|(?:the )?cameras?)\b",
    r"\b(?:agents|guards|officers) change shifts?\b|\b(?:will not|won't) (?:be|get) caught\b",
    r"\bpatrol(?:ling)? (?:schedule|times?|hours?|pattern|gap)s?\b",
    rf"\b{_SEEN} free (?:at|zone|area|stretch|road|here)\b|\bpatrol free\b",
    r"\bwithout being (?:seen|noticed|caught|detected)\b|\b(?:tips|advice) for crossing\b",
    r"\b(?:nobody|no one) (?:checks|guards|patrols) (?:the|this|that|here)\b",
    r"\b(?:bypass|get past|slip past|go around|evading|avoiding) (?:the )?(?:checkpoints?|guards?"
    r"|port of entry|patrols?|police|agents)\b",
    r"\b(?:guards?|agents|patrols?|officers) (?:leave at|go home"
    r"|(?:are|is) (?:rare|few|never|away))\b",
    r"\b(?:easy|easiest|easier|ideal|perfect|good|better|recommended) "
    r"(?:(?:place|spot|time|point) )?(?:to|for) (?:cross(?!-)|crossing|slip|sneak)\b",
    r"\b(?<!not )safe to cross here\b|\bfewer? patrols\b",
    r"\brecommended crossing\b|\b(?:use|take) this (?:trail|path|road) to (?:cross|enter)\b",
)
_FRENCH = (
    r"\b(?:meilleur|plus sur|plus facile)e?s? (?:endroit|lieu|moment|passage)s? (?:pour|ou) \w+",
    r"\b(?:evit|contourn|dejou)(?:er|ez|e|ons) (?:les |la )?"
    r"(?:patrouilles?|police|agents|gardes)\b",
    r"\bcomment (?:traverser|passer|franchir|eviter|contourner)\b|\bpasser inapercue?s?\b",
    r"\b(?:passage|chemin|trajet|endroit|moment|lieu) le plus (?:sur|facile|discret|tranquille)\b",
    r"\bsans (?:etre vue?s?|surveillance|se faire (?:voir|prendre|reperer|arreter))\b",
    r"\bpatrouilles? (?:passe|change|arrive|part)\w* (?:tou[ts]\w*|a|vers|apres)\b",
    r"\bnon surveillee?s?\b",
    r"\bne (?:serez|seras|serons) pas (?:vu|pris|arrete|repere)e?s?\b",
    r"\b(?:aucune?|(?:pas|peu) de) (?:patrouille|camera|policier|surveillance|garde)s?\b",
    r"\b(?:ideal|facile|bon endroit|bon moment)s? (?:a|pour) (?:traverser|passer|franchir)\b",
    r"\bpatrouilles? ne pass\w+ (?:jamais|pas|que)\b",
    r"\bpersonne ne (?:surveille|patrouille|garde)\b",
    r"\bni vue?s? ni connue?s?\b|\btraversez (?:ici|la nuit|de nuit|par)\b"
    r"|\b(?:endroit|lieu|moment) ideal pour\b",
)
_SPANISH = (
    r"\b(?:mejor|mas segur[oa]|mas facil) (?:(?:lugar|sitio|momento|ruta|hora|forma|manera) )?"
    r"(?:para|de) (?:cruzar|pasar|entrar)\b",
    r"\b(?:lugar|punto|ruta|hora|paso) mas (?:segur|facil)\w*",
    r"\bno hay (?:patrullas?|policia|vigilancia|camaras?|agentes)\b",
    r"\bcomo (?:cruzar|pasar|evitar|evadir)\b|\bsin (?:ser vist[oa]s?|vigilancia|que te vean)\b",
    r"\b(?:ideal|facil|buen lugar) (?:para|de) cruzar\b|\b(?:no|nunca) patrullan\b"
    r"|\bnadie (?:vigila|patrulla|mira)\b|\bsin patrullas?\b",
    r"\bno (?:te|los|les|os) van a (?:ver|agarrar|coger|atrapar|detener)\b",
    r"\b(?:evit|evad|esquiv|burl)(?:ar|ir|e|en|a|an) (?:a )?(?:l[ao]s? )?"
    r"(?:patrullas?|policia|migra|agentes)\b",
)
_GAPS = (
    r"\b(?:holes?|gaps?|openings?|breach(?:es)?|tunnels?) (?:in|under|through|below|beneath) "
    r"(?:(?:the|this|a) )?(?:\w+ )?(?:fence|fencing|wall|barrier)s?\b",
    r"\b(?:unmanned|unstaffed|unsupervised) (?:border )?(?:crossing|point|stretch|section|gap)s?\b",
    r"\b(?:trou|breche|ouverture|tunnel)s? (?:dans|sous|a travers) (?:(?:la|le|les|l|une?) )?"
    r"(?:cloture|grillage|mur|barriere|barbele)s?\b|\b(?:passage|endroit|point|lieu|troncon)s? "
    r"non (?:surveille|garde)e?s?\b",
    r"\b(?:agujero|hueco|brecha|abertura|hoyo|tunel)(?:es|s)? (?:en|bajo|por|de) "
    r"(?:(?:la|el|una?) )?(?:valla|cerca|muro|barda|verja|alambrada)s?\b",
    r"\b(?:paso|punto|tramo)s? no vigilad[oa]s?\b",
    r"\b(?:loch|locher|lucken?|offnung(?:en)?) (?:im|in der|in dem|unter dem) (?:grenz)?"
    r"(?:zaun|mauer|wand)\b",
    *(
        rf"(?<!\w)(?:{'|'.join(plain_text(word).plain for word in words.split('/'))})"
        for words in (
            "dziura w płocie/dziura w ogrodzeniu/dziurę w płocie/luka w płocie/luka w ogrodzeniu",
            "дупка в оградата/дыра в заборе/дыра в ограждении/діра в паркані/τρύπα στον φράχτη",
            "çitte delik/çitteki delik/rupa u ogradi/lyuk a kerítésen/rés a kerítésen",
        )
    ),
)
"""Places in a barrier, or on a line, that nobody keeps: a list of them is none of looking back."""
_OTHER = (
    r"\b(?:beste|sicherste|einfachste)[rsn]? (?:stelle|ort|weg|zeit|moment|route)\b"
    r"|\b(?:unbewacht|unbemerkt)\w*|\b(?:keine|ohne) (?:streifen?|kontrollen?|kameras?|polizei)\b",
    *(
        rf"(?<!\w)(?:{'|'.join(plain_text(word).plain for word in words.split('/'))})"
        for words in (
            "най-доброто място/най-сигурното място/най-лесното място/най-безопасното място",
            "няма патрули/няма полиция/няма камери/без охрана/без да ви видят/незабелязано",
            "najlepsze miejsce do/najbezpieczniejsze miejsce/najłatwiejsze miejsce/brak patroli",
            "bez patroli/patrole przechodzą co/niezauważenie/το καλύτερο σημείο για/χωρίς περιπολί",
            "το πιο ασφαλές σημείο/χωρίς να σας δουν/en güvenli yer/geçmek için en iyi/devriye yok",
            "yakalanmadan geç/найкраще місце для/найбезпечніше місце/немає патрул/без патрул",
            "лучшее место для перехода/самое безопасное место/нет патрул",
        )
    ),
)
"""German, and others with their letters read as the texts are."""
_ADVICE = "|".join((*_ENGLISH, *_FRENCH, *_SPANISH, *_GAPS, *_OTHER))
_PARTED = re.sub(r" (?!\))", "(?: {1,3}|-)", _ADVICE)
"""The same with whatever parts two words."""
ADVICE = re.compile(rf"\b(?=\w)(?:{_PARTED})", re.IGNORECASE)
"""Each begins with a word: that is asked once of each place in a text, not by each of them."""
QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"")
CITED = ("source_title", "source_publisher", "source_url")
OWN_WORDS = re.compile(r"(summary|cause|place_name|title|effect|hours_note|note)(_[a-z]{2,3})?")


def terms(frames: Frames) -> Answer:
    """No text has words that are not neutral, or advises.

    Of our tables only what is in our own words is held to neutral ones, as titles are quoted;
    of others every text. None may advise.
    """
    bad, seen = [], 0
    for name, rows in frames.items():
        for texts in text_columns(rows):
            column = texts.column
            own = OWN_WORDS.fullmatch(column) or (name == "features" and column not in CITED)
            look = _own_words if own else advice
            seen += texts.filled
            for i, text in texts.where(look, (TERMS.pattern, ADVICE.pattern)):
                bad += [f"{name}.{column} row {i} says “{word}”" for word in look(text)]
    if bad:
        return False, some(bad)
    return (True, f"{seen} texts looked at") if seen else NOTHING


def _own_words(text: str) -> list[str]:
    return [*unfit(text), *advice(text)]


def unfit(text: str) -> list[str]:
    """Return the words of a text that are not neutral; what it quotes is not looked at."""
    return _found(TERMS, QUOTED.sub(lambda quoted: " " * len(quoted[0]), text))


def advice(text: str) -> list[str]:
    """Return the words of a text that advise on a crossing, whoever it quotes."""
    return _found(ADVICE, text)


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    parts = parts_of(text) if len(text) > LONGEST else [text]
    if len(parts) == 1:
        return list(_in_part(pattern, text))
    return list(dict.fromkeys(word for part in parts for word in _in_part(pattern, part)))


@lru_cache(maxsize=50_000)
def _in_part(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    read = plain_text(text)
    return tuple(read.told(*found.span()) for found in pattern.finditer(read.plain))
