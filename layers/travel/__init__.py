"""Gates on a date, dated routes, places by name, remoteness."""
