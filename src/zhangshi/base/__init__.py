"""Exact numbers, units, periods, ids, the clock port and errors; standard library only."""
