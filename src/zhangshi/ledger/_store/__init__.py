"""All SQL of the ledger. Only `zhangshi.ledger.service` may import from here."""
