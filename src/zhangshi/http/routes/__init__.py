"""The routes, one subject a file; each says its path, its parameters, its body and the one service that it calls."""
