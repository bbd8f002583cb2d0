"""What identity reads and says over HTTP: one module for each of its doors, and the parts they share."""
