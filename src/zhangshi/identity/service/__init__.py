"""Use cases of identity, one subject a file.

Writes run inside a unit of work that somebody else commits; what must hash a password between looking and writing
(`Gate`) opens its own.
"""
