"""The pure kernel of the ledger: a command and the state it touches go in, moves or a refusal come out."""
