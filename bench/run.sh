#!/usr/bin/env bash
# run.sh BUILD_FOLDER [ARGUMENTS]: what `./dev bench` calls; run.py --help lists the arguments.
set -euo pipefail
exec python3 -B "$(dirname "${BASH_SOURCE[0]}")/run.py" "$@"
