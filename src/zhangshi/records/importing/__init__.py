"""Import: an Excel sheet or a CSV file becomes records, all of them or none."""
