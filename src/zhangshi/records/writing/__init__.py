"""The steps of a write, without a database: decode, compute, check, number, compare; values in, values out."""
