"""Supply: what is needed, made from records. Bills of materials are read here; planning computes with them."""
