"""Where roads meet a border: found everywhere, told where documented.

``cut`` cuts a network at every meeting with the line, ``cluster`` says which border nodes are one
physical crossing, ``find`` tells those that are documented. Whatever knows where an
undocumented one is stays in ``_candidates``, and ``redact`` takes the roads out that lead there.
"""
