"""What is reached, and from where: isochrones, catchments, what is nearest, remoteness."""
