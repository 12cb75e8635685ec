"""Ways in from elsewhere: partners' signed links and log-ins, other platforms' mini-programs."""
