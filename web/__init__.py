"""The web page and its server: what it shows, what it accepts, and what it offers to programs. No retrieval here."""
