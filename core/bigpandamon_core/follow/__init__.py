"""Notices what changes in PanDA and tells it in order: the only writer of job states and batches."""
