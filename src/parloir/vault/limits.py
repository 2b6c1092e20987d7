"""How large a member may grow before it is taken for a bomb."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is unpacked. A file beyond one of them stays sealed and is not read.

    Deflate reaches 1032:1 on a run of one byte; shop dumps and operator records, even repetitive ones,
    stay below 50:1.

    Attributes:
        member_bytes: most bytes of one member, unpacked.
        archive_bytes: most bytes of all members of one archive, unpacked.
        ratio: most unpacked bytes for each packed byte, held against what exceeds `ratio_from`.
        ratio_from: unpacked bytes below which the ratio does not matter.
        members: most members of one archive.
        directory_bytes: most bytes of the directory of a zip, which is read whole.
        name_characters: longest name of a member.
        spool_bytes: a member that is read out of order is kept in memory up to this size, in an
            unnamed file inside the vault beyond it.
    """

    member_bytes: int = 256 * GIB
    archive_bytes: int = 1024 * GIB
    ratio: int = 200
    ratio_from: int = 64 * MIB
    members: int = 10_000
    directory_bytes: int = 16 * MIB
    name_characters: int = 1_000
    spool_bytes: int = 16 * MIB

    def too_large(self, unpacked: int, packed: int) -> str:
        """Why a member of these sizes is refused, without a full stop; empty when it is not."""
        if unpacked > self.member_bytes:
            return f"unpacks to more than {self.member_bytes:,} bytes"
        if unpacked > self.ratio_from and unpacked > self.ratio * max(packed, 1):
            return f"unpacks to more than {self.ratio} times its size, as a zip bomb does"
        return ""
