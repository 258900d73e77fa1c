"""New papers from the network: Hugging Face's daily papers, arXiv's search, and feeds."""
