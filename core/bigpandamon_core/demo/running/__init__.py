"""A whole instance in one folder: databases, a simulated PanDA, the web server."""
