"""The command `bigpandamon`: one module per command, each a thin door to its room."""
