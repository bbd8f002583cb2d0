"""What members decides, pure: motives, portability, which facts still count, whose they are, and the fold that gives rights their state."""
