"""The import profile of AdventureWorks: somebody else's factory, taken over with its masters and its documents."""
