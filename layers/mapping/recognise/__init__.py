"""What is recognised in tables of others: layouts, notes, totals, and signs in place of numbers."""
