"""Pre-produced aggregates in the own database: few fixed dimensions, in bins of hours and days."""
