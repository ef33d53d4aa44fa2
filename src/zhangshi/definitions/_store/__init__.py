"""The definitions' SQL."""
