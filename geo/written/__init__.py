"""What people write: numbers, dates, degrees, places, headers."""
