"""The SQL of packs."""
