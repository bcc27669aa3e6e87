"""The HTTP edge: the only room that sees a request."""
