"""Files in: how a row of somebody's file becomes an act. Pure; mappings are data in TOML files."""

from tanzhang.engine.mapping.apply import Mapped, apply
from tanzhang.engine.mapping.columns import columns_of
from tanzhang.engine.mapping.read import read_mapping
from tanzhang.engine.mapping.spec import FieldMapping

__all__ = ["FieldMapping", "Mapped", "apply", "columns_of", "read_mapping"]
