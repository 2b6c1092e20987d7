"""Which devices live inside which prison: from network records to findings `inside` and `same_handset`."""

from parloir.presence.kept import kept_engine
from parloir.presence.parameters import Parameters, default, expected, load
from parloir.presence.plain_fitting import Known, known_inside, learn
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
    "known_inside",
    "learn",
    "load",
    "scene",
    "weigh",
]
