"""A small service that only exists for the chassis' own tests: parcels that are posted, then received by those they are for."""
