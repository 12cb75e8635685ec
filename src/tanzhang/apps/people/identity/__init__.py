"""How a person proves who she is, changes her number, comes back, and leaves."""
