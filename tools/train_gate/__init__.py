"""Training of the judge behind the gate of the model engine."""
