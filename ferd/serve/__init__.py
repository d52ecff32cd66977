"""`ferd serve`: the web page and its server."""
