"""What every operation of the platform owes to whoever calls it, well or badly: generated from its own OpenAPI description."""
