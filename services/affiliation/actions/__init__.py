"""What one can do to an affiliation: ``follow_up`` (employer and delay), ``journey`` (the person), ``known`` (what others tell)."""
