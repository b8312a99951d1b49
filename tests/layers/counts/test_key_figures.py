"""What the numbers say: the key figures, computed from the table."""

import pandas as pd

from roxham.layers import figures, load_interceptions


def annual(**counts: int | None) -> pd.DataFrame:
    """Make a table from names such as ``CA_QC_2022``."""
    cells = [(k[-4:], k[:-5].replace("_", "-"), v) for k, v in counts.items()]
    frame = pd.DataFrame(cells, columns=["period", "province", "count"])
    return frame.astype({"count": "Int64"}).assign(
        source_url="https://example.org/" + frame["province"]
    )


REAL = {"CA_2022": 39540, "CA_QC_2022": 39171, "CA_QC_2021": 4095}


def of(frame: pd.DataFrame) -> pd.DataFrame:
    return figures(frame).set_index("figure_id")


def bounds(frame: pd.DataFrame, figure: str) -> list[float]:
    return [float(of(frame)[end].to_dict()[figure]) for end in ("low", "high")]


def reason(frame: pd.DataFrame, figure: str) -> str:
    return str(of(frame).at[figure, "reason"])


def test_the_shipped_table_has_the_figures_of_2022() -> None:
    table = of(load_interceptions().rows)
    assert table["value"].to_dict() == {
        "canada_2022": 39540,
        "quebec_2022": 39171,
        "quebec_2024": 648,
        "elsewhere_2022": 369,
        "ratio_2022_2021": 9.57,
        "share_2022": 99.07,
    }
    assert table["reason"].isna().all()
    assert all(url.startswith("http") for urls in table["source_url"] for url in urls.split())
    assert table.at["ratio_2022_2021", "formula"] == "39,171 ÷ 4,095"


def test_published_remainder_must_agree() -> None:
    table = of(annual(**REAL, CA_XX_2022=370))
    assert "elsewhere_2022" not in table["value"].dropna()
    assert table.at["elsewhere_2022", "reason"] == "39,540 − 39,171 is 369, but 370 was published"


def test_provinces_cannot_add_up_to_more_than_the_remainder() -> None:
    frame = annual(**REAL, CA_BC_2022=369, CA_MB_2022=1)
    assert "add up to 370" in reason(frame, "elsewhere_2022")
    assert of(annual(**REAL, CA_BC_2022=100)).at["elsewhere_2022", "value"] == 369


def test_what_is_missing_is_null_with_the_reason() -> None:
    table = of(annual(CA_2022=39540, CA_QC_2022=None))
    assert table["value"].dropna().to_dict() == {"canada_2022": 39540}
    assert table.at["quebec_2022", "reason"] == "the count for CA-QC in 2022 is not known"
    frame = annual(CA_2022=39540, CA_QC_2022=None)
    assert "no annual rows for CA-QC in 2021" in reason(frame, "ratio_2022_2021")
    assert len(figures(annual())) == 6


def withheld(**counts: int | None) -> pd.DataFrame:
    """Make a table whose null counts are withheld, so from 0 to 5."""
    frame = annual(**counts)
    return frame.assign(precision=frame["count"].isna().map({True: "suppressed", False: "exact"}))


def test_a_range_goes_into_every_figure() -> None:
    table = of(withheld(CA_2022=374, CA_QC_2022=None, CA_QC_2021=40))
    assert table["value"].dropna().to_dict() == {"canada_2022": 374}
    known = table.dropna(subset=["low"])
    ranges = known[["low", "high"]].astype(object).to_numpy().tolist()
    # 374 − [0, 5]; [0, 5] ÷ 40; [0, 5] ÷ 374 × 100 = [0, 1.337]
    assert ranges == [[374, 374], [0, 5], [369, 374], [0, 0.13], [0, 1.34]]
    assert table.at["elsewhere_2022", "formula"] == "374 − (0–5)"
    assert table.at["share_2022", "reason"] == "the count for CA-QC in 2022 is withheld"


def test_a_part_is_never_less_than_nothing_nor_more_than_all() -> None:
    frame = annual(CA_2022=40, CA_QC_2022=40, CA_QC_2021=100).assign(precision="rounded_5")
    # 38 to 42 either: a rest of −4, a share of 111 %
    assert bounds(frame, "elsewhere_2022") == [0, 4]
    assert bounds(frame, "share_2022") == [90.47, 100]
    parts = annual(CA_2022=40, CA_QC_2022=35, CA_BC_2022=5).assign(precision="rounded_5")
    assert bounds(parts, "elsewhere_2022") == [3, 9]
    more = annual(CA_2022=40, CA_QC_2022=41)
    assert reason(more, "share_2022") == "41 ÷ 40 × 100 is more than 100"


def test_areas_of_no_whole_are_none_of_its_rest() -> None:
    assert of(annual(**REAL, US_NY_2022=9000)).at["elsewhere_2022", "value"] == 369


def test_a_bound_of_two_decimals_is_not_widened() -> None:
    frame = withheld(CA_QC_2022=None, CA_QC_2021=100).assign(other=[7, 7])
    frame = frame.assign(count=pd.array([0, 100], dtype="Int64"), precision=["between", "exact"])
    assert bounds(frame, "ratio_2022_2021") == [0, 0.07]


def test_a_published_remainder_may_lie_in_the_range() -> None:
    frame = withheld(CA_2022=374, CA_QC_2022=None, CA_XX_2022=370)
    assert of(frame).at["elsewhere_2022", "high"] == 374
    frame = withheld(CA_2022=374, CA_QC_2022=None, CA_XX_2022=368)
    assert reason(frame, "elsewhere_2022") == "374 − (0–5) is 369–374, but 368 was published"


def test_a_quotient_by_what_may_be_zero_is_no_number() -> None:
    table = of(withheld(**REAL | {"CA_QC_2021": None}))
    assert table.at["ratio_2022_2021", "reason"] == "division by zero"


def test_a_quotient_by_zero_is_no_number() -> None:
    table = of(annual(**REAL | {"CA_QC_2021": 0}))
    assert table.at["ratio_2022_2021", "reason"] == "division by zero"
