"""What the monitor itself keeps: models and migrations of its own database."""
