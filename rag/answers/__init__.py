"""Answers: their types, the offline engine and its wording, the model engine and its gate."""
