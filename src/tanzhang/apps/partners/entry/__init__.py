"""How a partner sends one person to us: a link that it signs, or its identity provider's word."""
