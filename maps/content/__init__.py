"""What page and sheet say, as plain records in both languages."""
