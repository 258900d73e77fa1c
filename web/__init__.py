"""The parts of the page: what it shows, what it sends, what it lets programs do. No retrieval here."""
