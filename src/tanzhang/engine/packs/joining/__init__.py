"""Who may join a programme, by which form, and who sees what first: the section ``joining``."""
