"""One day of the city: everything that happens in it."""

from __future__ import annotations

from tanzhang.workbench.city.acts import Acts, join
from tanzhang.workbench.city.draws import stream
from tanzhang.workbench.city.errands import cards, charges, meetings, orders
from tanzhang.workbench.city.homes import appliances, bills, meter_readings, statements
from tanzhang.workbench.city.people import Citizens
from tanzhang.workbench.city.travel import rides, walks
from tanzhang.workbench.city.weather import weather


def is_weekend(day: int) -> bool:
    """Whether a local day is a Saturday or Sunday; 1970-01-01 was a Thursday."""
    return (day + 3) % 7 >= 5


def acts_of_day(seed: int, citizens: Citizens, day: int, midnight_us: int) -> Acts:
    """All acts of local day ``day`` (days since 1970), which begins at ``midnight_us``."""
    weekend, sky = is_weekend(day), weather(seed, day)
    return join(
        [
            rides(stream(seed, "rides", day), citizens, midnight_us, weekend, sky),
            walks(stream(seed, "walks", day), citizens, midnight_us, weekend, sky),
            bills(stream(seed, "bills", day), citizens, day, midnight_us),
            statements(stream(seed, "statements", day), citizens, day, midnight_us),
            meter_readings(stream(seed, "meters", day), citizens, midnight_us),
            appliances(stream(seed, "appliances", day), citizens, day, midnight_us),
            orders(stream(seed, "orders", day), citizens, day, midnight_us, weekend),
            charges(stream(seed, "charges", day), citizens, midnight_us),
            cards(stream(seed, "cards", day), citizens, day, midnight_us),
            meetings(stream(seed, "meetings", day), citizens, midnight_us, weekend),
        ]
    )
