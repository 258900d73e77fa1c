"""The commands, one module each: its HELP text, its `flags`, and its `run`, which returns the exit status."""
