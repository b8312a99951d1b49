"""Use an installed wheel as a stranger does, from an empty folder; run by ``nox -s wheel``."""

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path


def main() -> None:
    """Import the three rooms, run the commands, draw the map."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        import roxham
        from roxham.geo import load_border, load_roads
        from roxham.layers import count_table, load_incidents, load_interceptions, load_ports
        from roxham.maps import border_map

        site = Path(sysconfig.get_path("purelib"))
        assert Path(roxham.__file__).is_relative_to(site), f"{roxham.__file__} is not the wheel."
        assert (site / "roxham" / "py.typed").is_file()
        assert len(load_ports().rows)
        assert len(load_roads().edges)
        assert len(count_table(load_interceptions().rows, by="year"))
        assert set(load_border().side_of(load_incidents().rows.geometry).dropna()) == {"CA", "US"}
        assert border_map().get_root().render()

        roxham_command = str(Path(sys.executable).with_name("roxham"))
        for words in (["--version"], ["data"], ["counts"], ["map", "-o", "page.html"]):
            subprocess.run([roxham_command, *words], check=True, stdout=subprocess.DEVNULL)
        assert Path("page.html").read_bytes().rstrip().endswith(b"</html>")
        print(f"roxham {roxham.__version__} on Python {sys.version.split()[0]}: the wheel works.")


if __name__ == "__main__":
    main()
