"""The outside of affiliation: ``sheets`` of newcomers (xlsx, CSV), and the printed ``bulletin``."""
