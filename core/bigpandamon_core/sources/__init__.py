"""Transports: where records come from, and nothing about what they mean."""
