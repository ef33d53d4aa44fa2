"""People: users, departments, roles, passwords, sessions and tokens."""
