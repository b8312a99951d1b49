"""Ways through gates."""
