"""The house as a whole: one command, the demo, the story, and what a single machine needs to run them."""
