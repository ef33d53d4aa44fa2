"""The command line: parse, call one service through the wiring, present. No rule of the business lives here."""
