"""Evidence: ranking, sets, facts, topics."""
