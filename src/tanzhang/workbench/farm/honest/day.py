"""A day of honest citizens: who is there, with which phone, and who goes with whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tanzhang.engine.rules import Flags, Ints
from tanzhang.workbench.city.draws import happens
from tanzhang.workbench.farm.honest.who import Honest


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the drill, and the names by which partners know the citizens."""

    who: Honest
    names: list[str]
    number: int
    midnight: int
    weekend: bool

    def goes(self, rng: np.random.Generator, permille: int) -> Flags:
        """Who of those present does a thing that has this chance."""
        return happens(rng, permille, len(self.who)) & self.who.present(self.number)

    def called(self, me: Ints) -> list[str]:
        """The citizens' names."""
        return [self.names[i] for i in me]

    def phones(self, me: Ints) -> list[str]:
        """Their devices, as partners call them."""
        phone = self.who.phone(self.number)[me].tolist()
        return [f"phone-{number}" for number in phone]

    def purses(self, me: Ints) -> list[str]:
        """The accounts that pay for them."""
        return [f"purse-{number}" for number in self.who.payment[me].tolist()]

    def networks(self, me: Ints) -> list[str]:
        """Where they are online."""
        return [f"net-{number}" for number in self.who.network[me].tolist()]

    def withdrawn(self, rng: np.random.Generator, permille: int, days: Ints) -> list[int | None]:
        """After how many days each act is taken back; None for nearly all."""
        back = happens(rng, permille, len(days))
        return [int(n) if taken else None for n, taken in zip(days, back, strict=True)]

    def beside(self, rng: np.random.Generator, back: int) -> Ints:
        """Whom each travels with to the minute on the way there (0) or back (1).

        Families go out together at weekends and start together on many mornings; colleagues meet on
        the way to work more often than on the way home.
        """
        who = self.who
        family = (900, 900) if self.weekend else (300, 150)
        chance = np.where(who.of_family, family[back], (850, 450)[back])
        joins = happens(rng, chance, len(who))
        return np.where(who.lead != np.arange(len(who)), np.where(joins, who.lead, -1), who.pair)


def of(lead: Ints, values: Ints) -> Ints:
    """What each one's leader has; who goes alone (-1) has her own."""
    own = np.arange(len(lead))
    return np.asarray(values[np.where(lead < 0, own, lead)])
