"""What happens at home: bills, meters, new appliances."""

from __future__ import annotations

import numpy as np

from tanzhang.engine.rules import Ints
from tanzhang.workbench.city.acts import DAY_US, SECOND_US, Acts, join, make_acts
from tanzhang.workbench.city.draws import around, happens
from tanzhang.workbench.city.people import Citizens
from tanzhang.workbench.city.streams import stream_number

UTILITY_PAYMENT = stream_number("utility-payment", "bank")
E_BILL = stream_number("e-bill", "bank")
METER = stream_number("household-electricity", "power-grid")
APPLIANCE = stream_number("appliance", "jd-demo")

BILLS_A_HOUSEHOLD = 3  #: water, power, gas
MONTH_DAYS = 30

#: Of a thousand bills, how many somebody else of the household pays a second time.
PAID_TWICE = 15


def bills(rng: np.random.Generator, citizens: Citizens, day: int, midnight_us: int) -> Acts:
    """Utility bills that fall due today, paid by one of the household; some are paid twice."""
    payer = np.flatnonzero(citizens.first_of_household)
    parts = []
    for kind in range(BILLS_A_HOUSEHOLD):
        household = citizens.household[payer]
        due = (household * 7 + kind * 11) % MONTH_DAYS == day % MONTH_DAYS
        pays = due & happens(rng, 880, len(payer))
        account = household[pays] * BILLS_A_HOUSEHOLD + kind + 1
        parts.append(_payments(rng, payer[pays], account, midnight_us))
        again = happens(rng, PAID_TWICE, len(account)) & (citizens.household_size[payer[pays]] > 1)
        other = payer[pays][again] + 1  # the next citizen lives in the same household
        parts.append(_payments(rng, other, account[again], midnight_us))
    return join(parts)


def _payments(rng: np.random.Generator, who: Ints, account: Ints, midnight_us: int) -> Acts:
    paid_s = rng.integers(7 * 3600, 23 * 3600, len(who))
    return make_acts(UTILITY_PAYMENT, who, midnight_us + paid_s * SECOND_US, 0, item=account)


def statements(rng: np.random.Generator, citizens: Citizens, day: int, midnight_us: int) -> Acts:
    """Card statements sent by mail instead of post, once a month for each holder."""
    number = np.arange(len(citizens))
    who = np.flatnonzero(citizens.card & (number * 13 % MONTH_DAYS == day % MONTH_DAYS))
    start_us = midnight_us + rng.integers(6 * 3600, 9 * 3600, len(who)) * SECOND_US
    return make_acts(E_BILL, who, start_us, 0, item=who + 1)


def meter_readings(rng: np.random.Generator, citizens: Citizens, midnight_us: int) -> Acts:
    """The electricity of each household's day: frozen in the day's last minute, told at night."""
    who = np.flatnonzero(citizens.first_of_household)
    people = citizens.household_size[who]
    habit = 700 + citizens.household[who] * 37 % 700  # some households always use more
    energy_wh = around(rng, 2300 * people + 900, 2400, len(who)) * habit // 1000
    read_after_s = rng.integers(2 * 3600, 5 * 3600, len(who))
    return make_acts(
        METER,
        who,
        midnight_us + DAY_US - rng.integers(1, 60, len(who)) * SECOND_US,
        0,
        known_after_s=read_after_s,
        quantity=np.maximum(energy_wh, 300),
        second=people,
        item=citizens.household[who] + 1,
    )


def appliances(rng: np.random.Generator, citizens: Citizens, day: int, midnight_us: int) -> Acts:
    """A few efficient refrigerators and the like, with the energy they save in a month."""
    who = np.flatnonzero(rng.integers(0, 4000, len(citizens)) == 0)
    start_us = midnight_us + rng.integers(9 * 3600, 21 * 3600, len(who)) * SECOND_US
    saved_wh = rng.integers(8_000, 60_000, len(who))
    serial = day * 1_000_000 + np.arange(1, len(who) + 1)
    return make_acts(
        APPLIANCE, who, start_us, 0, known_after_s=3600, quantity=saved_wh, item=serial
    )
