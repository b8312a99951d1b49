"""The rules of publication.

One list, in ``rules``; asked of the data in ``check``, by subject, and of a written page in
``roxham.maps.page.rules``. Every answer comes with its evidence.
"""
