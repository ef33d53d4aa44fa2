"""The runtime of every form: create, edit, transition, convert, take back; one way to write for every door."""
