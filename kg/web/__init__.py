"""The web site and the SPARQL endpoint: `kg serve` and `kg publish`."""
