"""Ratios as bars on a scale of tens, SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

LEFT, WIDTH, HIGH = 420, 460, 22


def chart(bars: Sequence[tuple[str, float]]) -> str:
    """Return a picture of labels and ratios; 1 is where both take as long."""
    top = max([10.0, *(ratio for _, ratio in bars)])
    low = min([1.0, *(ratio for _, ratio in bars)])
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(top))

    def at(ratio: float) -> float:
        return LEFT + WIDTH * (math.log10(ratio) - first) / (last - first)

    bottom = 30 + HIGH * len(bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 80} {bottom + 10}" '
        'font-family="sans-serif" font-size="12" role="img" aria-label="Ratios to the peers">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for power in range(first, last + 1):
        x = at(10.0**power)
        parts.append(f'<path d="M{x:.1f} 24V{bottom}" stroke="{"#333" if not power else "#ccc"}"/>')
        parts.append(f'<text x="{x:.1f}" y="16" text-anchor="middle">{10.0**power:,g} ×</text>')
    for row, (label, ratio) in enumerate(bars):
        y = 30 + HIGH * row
        a, b = sorted((at(1.0), at(ratio)))
        colour = "#2b6a99" if ratio >= 1 else "#b5482a"
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(label)}</text>'
            f'<rect x="{a:.1f}" y="{y + 2}" width="{b - a:.1f}" height="{HIGH - 7}" '
            f'fill="{colour}"/>'
            f'<text x="{b + 5:.1f}" y="{y + 13}">{ratio:,.1f}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"
