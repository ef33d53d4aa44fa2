"""The read side: records as one person may see them, through every door the same way."""
