"""Settlement on trial: an independent oracle, small worlds, literal cases and properties."""

import pytest

pytest.register_assert_rewrite(f"{__name__}.cases")
