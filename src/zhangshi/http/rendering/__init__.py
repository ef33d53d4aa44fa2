"""What a browser needs to draw any form: the compiled definitions, as far as the person may see them."""
