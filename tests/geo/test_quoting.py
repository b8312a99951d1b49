"""No message repeats a password, and no character of a stranger's acts."""

import time
import traceback
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from roxham.geo import read_border, read_roads
from roxham.geo.errors import DataError, Fault, FetchError, NoRouteError, RoxhamError, shown
from roxham.geo.quoting import MASK_KEY, name_of, printable, without_secrets
from roxham.layers import check_claims, load_incidents, load_layers
from tests.secret import ADDRESSES, EASY, PASSWORDS, address, leaks

TEXTS = st.text(st.characters(codec=None, categories=None), max_size=80)


@given(st.sampled_from(ADDRESSES), PASSWORDS, st.sampled_from(["", "see ", "“"]))
def test_an_address_by_itself_tells_no_password(form: str, password: str, before: str) -> None:
    assume("127" in form or "@" not in password)  # what follows is a host
    secret = address(form, password)
    for told in (shown(secret), name_of(secret), name_of(Path(secret)), str(Fault(secret, "x"))):
        assert not leaks(told, password)
    assert not leaks(without_secrets(before + secret, whole=True), password)


@given(st.sampled_from(ADDRESSES), EASY, st.sampled_from(["", "“", "'"]), st.booleans())
def test_running_text_tells_no_password(
    form: str, password: str, before: str, encoded: bool
) -> None:
    assume("127" in form or "@" not in password)  # what follows is a host
    secret = address(form, password)
    if encoded:
        secret = quote(secret, safe="")
    text = f"cannot open {before}{secret}: no such file. Write to me@example.org."
    told = without_secrets(text)
    assert not leaks(told, password)
    assert told.startswith("cannot open ")
    assert without_secrets(told) == told
    for error in (DataError(text), FetchError(text), NoRouteError(text), RoxhamError(text)):
        assert not leaks(f"{error}{error!r}{error.args}", password)
    fault = Fault("x", text, text, 1, secret)
    assert not leaks(f"{fault}{fault!r}{DataError(fault)!r}", password)


@pytest.mark.parametrize(
    "text",
    [
        "C:\\Users\\me@work\\a.csv",
        "C:/Users/me@work/a.csv",
        "a.csv, row 3, column mail: “me@example.org” is not a number.",
        "https://example.org:8080/a.csv: answered 404 Not Found.",
        "https://example.org/a@b/c, row 1: count == 5",
        "postgresql://host:5432/db#news.incidents: cannot be read.",
        "--since: “2022-6” is not a month. Write YYYY-MM, as in 2022-06.",
        'map, --allow: Write sources="why it may fail".',
    ],
)
def test_what_is_no_secret_is_told(text: str) -> None:
    if "a@b" not in text:  # what could be a user is one
        assert without_secrets(text) == text
    assert "example.org/a@b" not in without_secrets(text)


def test_an_address_stays_known_by_its_host_path_and_table() -> None:
    assert name_of("https://me:pw@example.org/a.csv?key=1") == "https://example.org/a.csv"
    assert name_of("postgresql://u:p@h:5/db?sslmode=x#a.b") == "postgresql://h:5/db#a.b"
    assert name_of("jdbc:postgresql://h/db?password=p") == "jdbc:postgresql://h/db"
    assert name_of("tables/2022 (new).csv") == "tables/2022 (new).csv"


def test_the_key_of_masked_places_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MASK_KEY, "a key of many words")
    assert str(DataError("it is a key of many words!")) == "it is …!"
    assert str(Fault("a key of many words", "a key of many words")) == "…: …"


@given(TEXTS)
def test_what_is_told_has_no_character_that_acts(text: str) -> None:
    for told in (str(DataError(text)), str(Fault(text, text, text, 1, text)), printable(text)):
        acting = {c for c in told if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
        assert acting <= {"\n"}
        told.encode("utf-8")
    assert "\n" not in name_of(text) + shown(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=80))
def test_what_can_be_printed_is_not_changed(text: str) -> None:
    assert printable(text) == text


@given(TEXTS, st.booleans())
def test_any_text_can_be_told(text: str, whole: bool) -> None:
    once = without_secrets(text, whole=whole)
    assert without_secrets(once, whole=whole) == once


def test_long_hostile_texts_take_no_time() -> None:
    start = time.process_time()
    for piece in ("a", "aa:", "key", "key=", "x@", "%40", "'", "a:/", "=", " = ", "%25"):
        text = piece * (200_000 // len(piece))
        without_secrets(text)
        without_secrets(text, whole=True)
    # a second; where each part looks at all others, minutes
    assert time.process_time() - start < 20


shipped = cache(load_layers)
READERS: dict[str, Callable[[str], object]] = {
    "roads": read_roads,
    "border": read_border,
    "incidents": load_incidents,
    "layers": lambda source: load_layers(counts=source),
    "claims": lambda source: check_claims(shipped(), source),
}
WRITTEN = ("qwxzqwxz", "qwxz qwxz", "qwxz/qwxz", "qwxz'qwxz")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("form", ADDRESSES)
def test_no_function_that_reads_raises_a_password(
    reader: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for password in WRITTEN:
        with pytest.raises((RoxhamError, OSError)) as caught:
            READERS[reader](address(form, password))
        assert isinstance(caught.value, RoxhamError)
        told = "".join(traceback.format_exception(caught.value))
        assert not leaks(told, password)
