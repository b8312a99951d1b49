"""The export: a data package that others can reuse, and back.

Typed frames (``table_schema``) are written as a Frictionless data package (``datapackage``) into
a new folder that takes the old one's place at the end (``folder``); ``load_export`` reads it back
by the types that its ``datapackage.json`` declares, and nothing that lies outside the folder.
"""
