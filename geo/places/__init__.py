"""Named places, states and provinces, administrative regions, water."""
