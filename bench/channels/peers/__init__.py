"""The same ten steps as people would write them with the usual libraries."""
