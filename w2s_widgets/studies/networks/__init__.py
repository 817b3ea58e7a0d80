"""The paper's experiment on random networks."""
