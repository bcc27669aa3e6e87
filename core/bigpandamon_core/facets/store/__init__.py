"""Facets on disk: batches replayed into parts, published as manifests, read by any number of processes.

Files are written once, under a name of their own, and never changed; a manifest that is renamed into place
says which of them make the store. Reading maps them into memory.
"""
