"""Programs of the house: they serve the development of the product and are no part of it."""
