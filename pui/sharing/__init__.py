"""The share-out of a scarce medicine between pharmacies (*répartition*)."""
