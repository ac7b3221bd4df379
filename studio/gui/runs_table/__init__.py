"""The runs a person has, and the table of them."""
