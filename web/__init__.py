"""The catalogue in a browser: pages made on the server of what index/ answers. The extra `web` brings what it needs."""
