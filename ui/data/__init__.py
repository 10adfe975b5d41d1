"""The views of the Data page: what every network here trains on."""
