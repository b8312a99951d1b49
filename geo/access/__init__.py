"""What is reached, and from where: isochrones, catchments, remoteness."""
