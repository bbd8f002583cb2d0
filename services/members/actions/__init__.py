"""What members does: one function per verb."""
