"""Which devices live inside which prison: from network records to findings `inside` and `same_handset`."""

from parloir.presence.estimate import seized
from parloir.presence.fitting import learn
from parloir.presence.kept import kept_engine
from parloir.presence.parameters import Parameters, default, expected, load
from parloir.presence.plain_fitting import Known, learn_sum
from parloir.presence.result import Presence
from parloir.presence.scene import Scene, scene
from parloir.presence.weighing import weigh

__all__ = [
    "Known",
    "Parameters",
    "Presence",
    "Scene",
    "default",
    "expected",
    "kept_engine",
    "learn",
    "learn_sum",
    "load",
    "scene",
    "seized",
    "weigh",
]
