"""Writing records: one step a file; `records.Records` is what the doors call, `work.Work` what units of work call."""
