"""Folium elements, each with its payload.

A layer is one payload (``payload``, read back by ``decode``; docs/payload.md has the format),
inflated by the browser while it reads the page. One stage for each map draws what is in
view on one canvas, without the points that fall on one pixel; hit-testing is one pass over
the features' boxes, a millisecond at 100,000.
"""
