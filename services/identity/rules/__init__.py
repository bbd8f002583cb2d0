"""What identity decides, pure: spaces and sessions, passwords, the second factor, the shape of codes, how often one may try."""
