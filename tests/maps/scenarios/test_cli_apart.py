"""What is read is never overwritten, and what cannot be done is said before anything is."""

from pathlib import Path

import pytest

from roxham.layers import load_incidents, load_interceptions, load_ports
from tests.maps.command import Run


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a folder with tables of one's own."""
    load_ports().rows.drop(columns="geometry").to_csv(tmp_path / "ports.csv", index=False)
    load_interceptions().rows.drop(columns=["low", "high"]).to_csv(
        tmp_path / "counts.csv", index=False
    )
    (tmp_path / "places.csv").write_text("name,lon,lat\nA,-73.5,44.9\n")
    (tmp_path / "page.html").symlink_to("ports.csv")
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ("map", "--ports", "ports.csv", "-o", "page.html"),
        ("map", "--ports", "ports.csv", "--accepted", "ports.csv"),
        ("map", "--ports", "ports.csv", "--rejected", "./ports.csv"),
        ("counts", "--counts", "counts.csv", "-o", "counts.csv"),
        ("claims", "--claims", "places.csv", "-o", "places.csv"),
        ("table", "--origins", "places.csv", "--destinations", "Montréal", "-o", "places.csv"),
        ("routes", "--from", "A", "--to", "B", "--roads", "ports.csv", "-o", "ports.csv"),
        ("reach", "--from", "A", "--roads", "ports.csv", "-o", "ports.csv"),
        (
            *("access", "--before", "2023-03-24", "--after", "2023-03-26"),
            *("--places", "places.csv", "-o", "places.csv"),
        ),
        ("context", "--incidents", "ports.csv", "-o", "ports.csv"),
        ("roads", "ports.csv", "-o", "ports.csv"),
        ("crossings", "--roads", "x", "--ports", "ports.csv", "-o", "ports.csv"),
    ],
)
def test_what_is_read_is_not_overwritten(run: Run, own: Path, words: tuple[str, ...]) -> None:
    before = {path.name: path.read_bytes() for path in own.iterdir()}
    said = run(*words)
    assert said.code == 2
    assert "is read and would be overwritten. Choose another name to write." in said.err
    assert {path.name: path.read_bytes() for path in own.iterdir()} == before


def test_a_link_to_itself_is_told(run: Run, own: Path) -> None:
    (own / "ring.arrow").symlink_to("ring.arrow")
    said = run("roads", "ports.csv", "-o", "ring.arrow")
    assert (said.code, "ring.arrow: cannot be reached" in said.err) == (2, True)


def test_an_export_does_not_take_the_place_of_what_it_reads(run: Run, own: Path) -> None:
    assert run("export", "shared", "--format", "csv").code == 0
    (given,) = (own / "shared").rglob("ports.csv")
    said = run("export", "shared", "--format", "csv", "--ports", str(given))
    assert said.code == 2
    assert "is read and would be overwritten" in said.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--ports", "ports.csv", "--accepted", "a.csv", "--rejected", "a.csv"), "written twice"),
        (("-o", "roxham.csv"), "roxham.csv: is not a .html file. Give a name ending in .html."),
        (("--title", " "), "--title: is blank"),
        (("--on", "2023-03-24"), "--on: goes with --routes or --reach"),
        (("--as-of", "2999-01-01"), "--as-of: 2999-01-01 is in the future"),
        (("--as-of", "20240101"), "--as-of: “20240101” is not a day. Write YYYY-MM-DD"),
    ],
)
def test_a_senseless_option_is_refused(
    run: Run, own: Path, words: tuple[str, ...], told: str
) -> None:
    before = sorted(own.iterdir())
    said = run("map", *words)
    assert said.code == 2
    assert told in said.err
    assert sorted(own.iterdir()) == before


def test_places_that_the_map_does_not_reach_are_told(run: Run, own: Path) -> None:
    ports = load_ports().rows.drop(columns="geometry")
    ports.loc[0, ["lat", "lon"]] = [54.1, -6.4]  # Newry, in Ireland
    ports.loc[1, ["lat", "lon"]] = [90.0, 0.0]  # and no map has a pole
    ports.to_csv(own / "ports.csv", index=False)
    incidents = load_incidents().rows.drop(columns="geometry")
    incidents.loc[0, ["lat", "lon"]] = [-90.0, 0.0]
    incidents.to_csv(own / "incidents.csv", index=False)
    words = ("--ports", "ports.csv", "--incidents", "incidents.csv", "--svg", "a.svg")
    said = run("map", *words, "-o", "a.html", "--since", "1990-01")
    assert said.code == 0, said.err
    assert "2 of 26 ports lie outside the region of the map (-75.2 to -71 degrees" in said.err
    assert "1 of 21 incidents lie outside" in said.err
    assert "outside" not in run("map", "--embed").err


@pytest.mark.parametrize(
    "text", ["nope", "[1]", '{"resources": {"a": 1}}', '{"resources": [1]}', b"\xff\xfe"]
)
def test_a_broken_description_of_a_folder_fails(
    run: Run, tmp_path: Path, text: str | bytes
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("a\n1\n")
    content = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "data" / "datapackage.json").write_bytes(content)
    said = run("check", "--data", "data")
    assert said.code == 1
    assert "datapackage.json is no data package" in " ".join(said.out.split())
