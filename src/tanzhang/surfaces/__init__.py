"""What people and scripts touch. No rule lives here: a surface asks a room and shows the answer."""
