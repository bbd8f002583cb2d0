"""What one can ask of members: one function per screen."""
