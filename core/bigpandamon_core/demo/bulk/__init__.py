"""Many jobs at once: a simulated day, repeated with other numbers, people and times."""
