"""Native HiGHS, as SciPy ships it (1.15 or later): python3 highs-native.py MODEL.mps SECONDS. Its log goes to stdout."""

import sys

from scipy.optimize._highspy import _core

highs = _core._Highs()
if len(sys.argv) < 3:
    print("HiGHS", highs.version())
    sys.exit(0)
for name, value in (
    ("output_flag", True),
    ("threads", 1),
    ("mip_rel_gap", 0.0),
    ("mip_abs_gap", 0.0),
    ("time_limit", float(sys.argv[2])),
):
    highs.setOptionValue(name, value)
highs.readModel(sys.argv[1])
highs.run()
