"""Run the command line as ``python -m roxham``."""

from roxham.maps.cli import main

if __name__ == "__main__":
    main()
