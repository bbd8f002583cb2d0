"""The outside of affiliation: ``files`` that spreadsheets read and write, and the printed ``bulletin``."""
