"""Definitions: entities, forms, rules, flows, grants as data with a history."""
