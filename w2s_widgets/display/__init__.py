"""Turn what the theory computes into sentences, HTML and small drawings."""
