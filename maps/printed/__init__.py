"""The printed twin: a map on a sheet.

Made without a browser: ``layout`` lays a ``Sheet`` of paths, discs and texts in the page's own
colours, and ``write`` makes SVG of it or, through Matplotlib, PNG and PDF. The page carries
the same map and the monthly chart as small SVGs for readers without scripts.
"""
