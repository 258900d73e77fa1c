"""Questions: plans, the reader, follow-ups."""
