"""Words: normal form, particles, terms and the glossary, numbers, dates, analysis."""
