"""The parts of the API, as the clients offer them."""
