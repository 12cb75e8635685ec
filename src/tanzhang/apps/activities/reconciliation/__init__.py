"""Once a day, what a partner delivered and what we answered, in a file that both can compare."""
