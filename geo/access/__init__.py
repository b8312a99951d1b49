"""What is reached, and from where: isochrones, catchments, remoteness.

No hospital is bundled: positions of all of those nearest the corridor could not be sourced,
and the nearest of a part of them would be a wrong figure. Places of kind ``hospital`` can be given.
"""
