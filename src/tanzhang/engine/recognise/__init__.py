"""Which of a host's own transactions are low-carbon acts, by rules that are data.

A host (a bank, a city's app) sees far more than it may report. The recogniser reads its
transactions, makes reports of those that a rule names, and keeps nothing of the others but a count.
The file is described in ``docs/guides/recognise-host-transactions.md``. Pure.
"""

from tanzhang.engine.recognise.apply import Recognised, connected_scenes, recognise
from tanzhang.engine.recognise.measure import SceneScore, scores
from tanzhang.engine.recognise.read import FaultyRules, read_recogniser
from tanzhang.engine.recognise.spec import Recogniser, Rule

__all__ = [
    "FaultyRules",
    "Recognised",
    "Recogniser",
    "Rule",
    "SceneScore",
    "connected_scenes",
    "read_recogniser",
    "recognise",
    "scores",
]
