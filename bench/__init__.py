"""Speed and memory of the platform and the ledger, measured against what the databases can do at best."""
