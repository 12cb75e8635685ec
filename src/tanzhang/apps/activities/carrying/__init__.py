"""Carrying: what a citizen takes from here to another installation, and brings here from one.

What is carried stands beside one's own balance and never in it: it earns no points, enters no pool,
and an act counts once, whoever reports it where, in whatever order.
"""
