"""A pytest plugin for mutants: a found difference is enough, nobody reads the smallest one."""

from __future__ import annotations

from hypothesis import Phase, settings

settings.register_profile("mutants", phases=[Phase.explicit, Phase.generate], database=None)
settings.load_profile("mutants")
