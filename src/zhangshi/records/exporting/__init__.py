"""Export: a list of records becomes a workbook or a CSV file that an import understands again."""
