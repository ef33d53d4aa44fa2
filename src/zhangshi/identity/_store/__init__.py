"""All SQL of identity. Only `zhangshi.identity.service` may import from here."""
