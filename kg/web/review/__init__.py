"""The web application of `kg review`."""
