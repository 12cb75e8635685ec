"""Tools round the product: a fictitious city, measurements. Nothing imports them but surfaces."""
