"""Printing a record by a template: one self-contained HTML page with its paper in millimetres."""
