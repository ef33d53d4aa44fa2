"""Long work that somebody waits for: imports, exports, publishing. A row with progress, log, answer and cancel."""
