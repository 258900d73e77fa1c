"""The language model: how it is built from the settings, and how it is asked for JSON."""
