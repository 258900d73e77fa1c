"""Papers: digests, the manifest, the catalogue, authors, relations."""
