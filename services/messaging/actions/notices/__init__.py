"""Write to people: one fact becomes one notice per recipient and channel, however often the fact is told."""
