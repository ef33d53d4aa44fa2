"""The description of the API (OpenAPI 3.1), generated from the routes and the published definitions."""
