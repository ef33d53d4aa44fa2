"""Layers: a pack's object, patched path by path by other packs and by the site; and what an upgrade does to patches.

An override says `set: {path: new value}`, with `was: {path: old value}` as the object stood when the patch was made.
When a new version of the pack arrives, three values meet at each patched path: what it was, what the pack has now, and
what the site wants. Where the pack did not change it, the patch stays; where the pack came to the site's own value, the
patch has done its work and goes; where the two differ, the site wins and the conflict is listed for a person to decide.
"""

from zhangshi.definitions.merging.layers import apply_overrides, effective
from zhangshi.definitions.merging.patching import override_for
from zhangshi.definitions.merging.upgrading import Conflict, merge_upgrade

__all__ = ["Conflict", "apply_overrides", "effective", "merge_upgrade", "override_for"]
