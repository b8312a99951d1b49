"""Headers of other people's tables: which of their columns is meant by one of ours."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from roxham.geo.sheets.reading import JOINED

__all__ = ["WORDS", "is_header", "is_joined_header", "meant", "plain_header", "side_told"]

NEAR = 0.84
"""Two names that are alike to this degree may be one, misspelt."""
LONG = 6
"""A shorter name is near to too many: ``case`` to ``cause``."""
NUMBER = re.compile(r"[+-]?[\d.,\s'°%]+")
YEAR = re.compile(r"(19|20)[0-9]{2}")
DECORATION = re.compile(r"[(\[{].*?[)\]}]|[°#:*]")
WORDS: Mapping[str, tuple[str, ...]] = {
    "lat": (
        *("latitude", "latitud", "breite", "breitengrad", "geographische_breite", "latitudine"),
        *("y", "y_coord", "ycoord", "lat_dd", "lat_wgs84", "latitude_dd", "gps_lat", "point_y"),
        *("decimal_latitude", "خط_العرض", "ширина", "географска_ширина", "широта", "breddegrad"),
        *("leveysaste", "leveyspiiri", "laius", "laiuskraad", "breddgrad", "breiddegrad", "bredde"),
        *("szerokosc", "szerokosc_geograficzna", "zemepisna_sirka", "sirka", "szelesseg", "enlem"),
        *("foldrajzi_szelesseg", "πλατοσ", "γεωγραφικο_πλατοσ", "platums", "platuma"),
        *("breedtegraad", "geografska_sirina", "अक्षांश", "纬度"),
    ),
    "lon": (
        *("longitude", "longitud", "lange", "laengengrad", "langengrad", "longitudine", "long"),
        *("lng", "x", "x_coord", "xcoord", "lon_dd", "long_dd", "lon_wgs84", "longitude_dd"),
        *("gps_lon", "gps_long", "point_x", "decimal_longitude", "خط_الطول"),
        *("дължина", "географска_дължина", "долгота", "довгота", "lengdegrad", "længdegrad"),
        *("pituusaste", "pituuspiiri", "pikkus", "pikkuskraad", "langdgrad", "lengde", "boylam"),
        *("długosc", "długosc_geograficzna", "zemepisna_delka", "delka", "hosszusag"),
        *("foldrajzi_hosszusag", "μηκοσ", "γεωγραφικο_μηκοσ", "garums", "ilguma"),
        *("lengtegraad", "geografska_duzina", "देशांतर", "经度"),
    ),
}
"""What columns of degrees are called, by their kind."""
SIDES: Mapping[str, tuple[str, str]] = {
    word: side
    for side, words in {
        ("lat", "N"): ("n", "north", "nord", "norte"),
        ("lat", "S"): ("s", "south", "sud", "sur"),
        ("lon", "E"): ("e", "east", "est", "este", "ost"),
        ("lon", "W"): ("w", "west", "ouest", "oeste", "ovest"),
    }.items()
    for word in words
}
OF_DEGREES = {
    *("lat", "latitude", "latitud", "latitudine", "breite"),
    *("lon", "long", "lng", "longitude", "longitud", "longitudine", "lange"),
    *("gps", "coord", "coordinate", "coordinates", "coordonnees", "coordenadas"),
    *("deg", "degree", "degrees", "degres", "grados", "decimal", "dd", "dms", "wgs84"),
}


@lru_cache(maxsize=4096)
def plain_header(name: str) -> str:
    """Return a name in small letters without accents, brackets and punctuation.

    Examples
    --------
    >>> [plain_header(name) for name in ("Longitude (°)", "Lat.", "N° de décès", "radius (m)")]
    ['longitude', 'lat', 'n_de_deces', 'radius']
    """
    bare = DECORATION.sub(" ", name)
    return _joined(bare) or _joined(name)


def _joined(name: str) -> str:
    letters = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)).casefold()
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "_", plain).strip("_")


def side_told(name: str) -> tuple[str, str] | None:
    """Return which degrees a column holds, and on which side of zero, where its name tells it.

    Examples
    --------
    >>> [side_told(name) for name in ("GPS W", "Longitude (°W)", "South Latitude", "Lon (W-E)")]
    [('lon', 'W'), ('lon', 'W'), ('lat', 'S'), None]
    >>> side_told("Longitude"), side_told("West Bank"), side_told("N")
    (None, None, None)
    """
    words = _joined(name).split("_")
    sides = [SIDES[word] for word in words if word in SIDES]
    rest = [word for word in words if word not in SIDES]
    known = bool(rest) and all(word in OF_DEGREES for word in rest)
    return sides[0] if known and len(sides) == 1 else None


def meant(
    header: Sequence[str], name: str, words: Iterable[str] = (), *, taken: Iterable[str] = ()
) -> str | None:
    """Return the column of a header that is most likely meant by a name; None if none is.

    Parameters
    ----------
    header
        Names as the file has them.
    name
        Ours.
    words
        What it is called elsewhere, as :func:`plain_header` writes it.
    taken
        Columns of the header that are something else.

    Examples
    --------
    >>> meant(["id", "Lat.", "Long."], "lat"), meant(["Longitude (°)"], "lon", WORDS["lon"])
    ('Lat.', 'Longitude (°)')
    >>> meant(["confidense"], "confidence"), meant(["village"], "confidence")
    ('confidense', None)
    >>> meant(["Place | Lat", "Place | Lon"], "lat"), meant(["2021 | n", "2022 | n"], "n")
    ('Place | Lat', None)
    """
    taken = set(taken)
    open_ = [spelt for spelt in header if spelt and spelt not in taken and not _below_zero(spelt)]
    free = {
        form: spelt for spelt in reversed(open_) for form in (_joined(spelt), plain_header(spelt))
    }
    below = [(plain_header(spelt.rpartition(JOINED)[2]), spelt) for spelt in open_]
    times = Counter(form for form, _ in below)
    free = {form: spelt for form, spelt in below if times[form] == 1} | free
    for word in (name, *words):
        if word in free:
            return free[word]
    near = (
        difflib.get_close_matches(name, list(free), n=1, cutoff=NEAR) if len(name) >= LONG else []
    )
    return free[near[0]] if near else None


def _below_zero(name: str) -> bool:
    """Whether a name tells degrees whose numbers are not those of our columns: south, or west."""
    told = side_told(name)
    return told is not None and told[1] in "SW"


def is_header(cells: Sequence[str]) -> bool:
    """Whether a first line can be the names of columns: filled, different, and no numbers.

    Examples
    --------
    >>> is_header(["jahr", "ort"]), is_header(["Table 3", ""]), is_header(["2022", "5"])
    (True, False, False)
    """
    filled = [cell for cell in cells if cell.strip()]
    return (
        len(filled) > 1
        and len(filled) == len(cells)
        and len(set(filled)) == len(filled)
        and not any(NUMBER.fullmatch(cell.strip()) for cell in filled)
    )


def is_joined_header(names: Sequence[str]) -> bool:
    """Whether names joined of several rows can be those of columns.

    They are filled and different, and some are of one group, but not all: that is a title. No own
    name is a number but for years, of which a group has two.

    Examples
    --------
    >>> is_joined_header(["Area", "2021 | Jan", "2021 | Feb", "2022 | Jan"])
    True
    >>> is_joined_header(["Area | QC", "Count | 5"]), is_joined_header(["T | Area", "T | Jan"])
    (False, False)
    """
    parted = [(above, own) for above, mark, own in (n.rpartition(JOINED) for n in names) if mark]
    groups = Counter(above for above, _ in parted)
    years = Counter(above for above, own in parted if YEAR.fullmatch(own))
    numbers = [above for above, own in parted if NUMBER.fullmatch(own.strip())]
    return (
        is_header(names)
        and max(groups.values(), default=0) > 1
        and len({name.partition(JOINED)[0] for name in names}) > 1
        and len(numbers) == years.total()
        and min(years.values(), default=2) > 1
    )
