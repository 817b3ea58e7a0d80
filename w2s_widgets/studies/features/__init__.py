"""Studies on any representations of the same inputs, with many teachers."""
