"""Saved questions and the papers that came since. Knows nothing of commands or pages."""
