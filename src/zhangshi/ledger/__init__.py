"""The stock ledger: exact, append-only, in the transaction of whoever posts. Use `zhangshi.ledger.service`."""
