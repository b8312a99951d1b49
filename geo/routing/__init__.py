"""Ways through gates.

``gates`` hangs the open ones on a network whose border is a wall (``barrier``); ``gate_trees``
keeps one shortest-path tree for each gate and direction, so that another date or a closed
gate is a masked minimum. Alternatives keep to the three conditions of Abraham et al. (2013):
limited sharing, bounded stretch, local optimality.
"""
