"""Answers that are kept: bytes by key, with their age inside. Knows no builder and no request."""
