"""Tables out of workbooks, saved pages and JSON, as cells of text."""
