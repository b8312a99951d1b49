"""Ages, names, homes, contacts and numbers in texts, however they are written."""

from pathlib import Path

import pandas as pd
import pytest

from roxham.layers.privacy.personal_words import personal_words
from roxham.layers.privacy.plain_text import plain_text
from roxham.layers.privacy.told_places import coordinates_told, days_told
from roxham.layers.publication.words import advice, unfit

AGES = [
    "A 34-year-old man",
    "a 34 year old",
    "34 yo",
    "34yo male",
    "34 y/o",
    "a 34 y.o. woman",
    "34 yrs old",
    "34 years of age",
    "aged 34",
    "Age: 34",
    "age thirty-four",
    "at the age of 34",
    "a woman, 34, was found",
    "a woman (34)",
    "a woman of 34",
    "Jane Doe, 34, of Ohio",
    "She was 34.",
    "turned 34",
    "on her 34th birthday",
    "thirty-four-year-old",
    "a thirty four years old person",
    "born on 3 March 1992",
    "DOB 1992-03-03",
    "M/34",
    "in her thirties",
    "an eighteen-month-old",
    "âgé de 34 ans",
    "âgée de trente-quatre ans",
    "une dame de 34 ans",
    "un homme, 34 ans",
    "un homme (34 ans)",
    "une Guatémaltèque de 34 ans",
    "Elle avait 34 ans",
    "34 ans",
    "une femme de quatre-vingt-deux ans",
    "une femme de soixante et onze ans",
    "un bébé de six mois",
    "un octogénaire",
    "née le 3 mars 1992",
    # what only looks otherwise
    "34\u2011year\u2011old",
    "34\u2010year\u2212old",
    "34\u00a0years\u202fold",
    "34-ye\u200bar-old",
    "34-year\u00ad-old",
    "34-\u0443ear-\u043eld",
    "\uff13\uff14-year-old",
    "\u0663\u0664-year-old",
    "a\u0302ge\u0301 de 34 ans",
    "AGED 34",
    "femme de 34\u202fans",
]
OTHERS = {
    "a home": [
        "at 12 Main Street, Plattsburgh",
        "lives at 12 Elm Road",
        "123 rue Principale",
        "12, rue des Érables",
        "J0L 1H0",
        "Champlain, NY 12919",
        "apt. 4",
    ],
    "a way to reach someone": [
        "514-555-2234",
        "(514) 555-2234",
        "514\u2011555\u20112234",
        "+1 514 555 2234",
        "+33 6 12 34 56 78",
        "tel. 5145552234",
        "jane.doe@example.org",
        "jane.doe\uff20example.org",
        "jane.doe (at) example (dot) org",
        "WhatsApp: @jane",
    ],
    "the number of a case": [
        "passport AB123456",
        "passeport n° AB123456",
        "case no. 2019-12345",
        "dossier 12345678",
        "UCI 1234-5678",
        "A123456789",
        "TB7-12345",
    ],
    "a name": [
        "a man named John Smith",
        "Mme Tremblay",
        "Mr. John Smith",
        "nommée Marie Tremblay",
        "identified as Ana Vargas-Flores",
    ],
}
SOUND = [
    "M12 7.3l7.3-1.7-6.4 2-6.3-2.9 3.5 1-3.7 4.3z",  # a line as pages draw it
    "45 km on the road",
    "pendant 34 ans, depuis 10 ans, il y a 5 ans",
    "condamné à une peine de 10 ans de prison",
    "les enfants de moins de 18 ans",
    "une présence policière de six ans",
    "3 km west of Roxham Road, 2 km on Perry Mills Road",
    "2017-2018, 2023-03-29/2023-03-30",
    "I-87 Exit 42, Route 9, R-202, rang 4",
    "20,593 interceptions in 2017; about 300 people",
    "seven people, 3 of them children, a family of five",
    "a 24-hour port, open from 9 a.m. to 5 p.m.",
    "section 101.1 of the Act, Bill C-4",
    "in force since 2025-01-06",
    "Deyo Road",
    "https://example.org/34-year-old-man?tel=514-555-2234",
    "Port 0351, 45.0, -73.4",
    "+54.2250-007.5500",
]


@pytest.mark.parametrize("text", AGES)
def test_an_age_is_found_however_it_is_written(text: str) -> None:
    assert "an age" in [kind for kind, _ in personal_words(text)]


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, texts in OTHERS.items() for t in texts])
def test_what_finds_a_person_is_found(kind: str, text: str) -> None:
    assert kind in [found for found, _ in personal_words(text)]


@pytest.mark.parametrize("text", SOUND)
def test_what_is_no_persons_is_left_alone(text: str) -> None:
    assert personal_words(text) == ()


def test_words_are_told_as_they_were_written() -> None:
    (found,) = personal_words("A 34\u2011ye\u200b\u0430r\u2011old man")
    assert found == ("an age", "34\u2011ye\u200b\u0430r\u2011old")
    assert plain_text("A\u0302ge\u0301e").plain == "agee"


def test_words_that_only_look_otherwise_are_read() -> None:
    assert advice("the s\u0430fest place to cr\u043ess") == ["s\u0430fest place to cr\u043ess"]
    assert advice("ev\u0430de the p\u0430trols")
    assert advice("e\u0301viter les patrouilles")
    assert unfit("ill\u0435gal crossings")
    assert unfit("des migrants ille\u0301gaux")
    assert advice("“the s\u0430fest place to cross”")  # whoever is quoted


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 2026-10-31", "2026-10-31"),
        ("October 31st, 2026", "2026-10-31"),
        ("31 October 2026", "2026-10-31"),
        ("le 31 octobre 2026", "2026-10-31"),
        ("1er aou\u0302t 2026", "2026-08-01"),
        ("31/10/2026", "2026-10-31"),
        ("31 October 20\u200b26", "2026-10-31"),
    ],
)
def test_days_in_texts_are_read(text: str, day: str) -> None:
    assert day in [found.date().isoformat() for found in days_told(text)]
    assert not list(days_told("October 2026, 20,593 in 2026, https://example.org/2026/10/31/"))


@pytest.mark.parametrize(
    "text",
    [
        "45.00655, -73.51667",
        "45.00655 N 73.51667 W",
        "45°00'23\"N",
        "lat 45.006",
        "18T 617000 4984000",
    ],
)
def test_coordinates_in_texts_are_found(text: str) -> None:
    assert coordinates_told(text)
    assert not coordinates_told("45 km, 73.5 %, 1,234, 5,678 in 2017; at about 45 N; 45.0, -73.4")


@pytest.mark.shared
def test_sound_public_tables_pass_and_known_ages_do_not(shared: Path) -> None:
    told: dict[str, set[str]] = {}
    for path in sorted((shared.parent / "facts").glob("*.csv")):
        rows = pd.read_csv(path, dtype=str)
        for column in rows.columns.difference(["address", "postal"]):
            for text in rows[column].dropna().unique():
                if found := personal_words(text):
                    told.setdefault(path.stem, set()).update(kind for kind, _ in found)
    # of the ports the public addresses; of the hospitals two former ones
    assert told == {"incidents": {"an age"}, "ports_of_entry": {"a home"}, "hospitals": {"a home"}}
