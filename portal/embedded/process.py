"""The few calls to the Linux kernel that Python has no name for; elsewhere they do nothing."""

import ctypes
import os
import sys
from enum import IntEnum

_LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG, _PR_SET_KEEPCAPS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
_CAPABILITY_VERSION_3 = 0x20080522


class Capability(IntEnum):
    """The two rights of root that let another account pass closed folders: the narrow one, and the one containers keep."""

    DAC_READ_SEARCH = 2
    DAC_OVERRIDE = 1


def _prctl(option: int, *arguments: int) -> None:
    padded = [*arguments, 0, 0, 0, 0][:4]
    if _LIBC.prctl(option, *(ctypes.c_ulong(value) for value in padded)) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def die_with_parent(signal: int) -> None:
    """Asks the kernel to send `signal` to this process when its parent dies. Call it after any change of account."""
    if _LINUX:
        _prctl(_PR_SET_PDEATHSIG, signal)


def become(uid: int, gid: int, capability: Capability | None) -> None:
    """Turns this process into the given account, keeping at most one capability, also across exec. Raises OSError."""
    if capability is not None:
        _prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if capability is not None:
        mask = 1 << capability
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
        sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)  # effective, permitted, inheritable; low word, high word
        if _LIBC.capset(ctypes.byref(header), ctypes.byref(sets)) != 0:
            raise OSError(ctypes.get_errno(), "capset")
        _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability)
