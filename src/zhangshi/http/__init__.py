"""The HTTP door, /api/v1: parse, call one service, present. No rule of the business is decided here."""
