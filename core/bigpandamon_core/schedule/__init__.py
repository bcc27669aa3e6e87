"""What is done every so often: one process of the instance leads, each run is a process of its own."""
