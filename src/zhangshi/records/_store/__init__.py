"""The SQL of records: writing (this half) and reading; statements of a form are made once for its table."""
