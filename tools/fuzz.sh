#!/usr/bin/env bash
# Runs the fuzz targets of a build, one per core: tools/fuzz.sh BUILD SECONDS [NAME...]
# FUZZ_JOBS=N runs N side by side.
# What each one learns stays in BUILD/fuzzed/corpus, so that the next run goes on from there; what it
# finds lies in BUILD/fuzzed/found. Ends with a line per target, and with 1 where one found something.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$1 seconds=$2
shift 2
fuzzed=$build/fuzzed
mkdir -p "$fuzzed/found" "$fuzzed/log"

names=("$@")
if [[ ${#names[@]} == 0 ]]; then
  for source in "$root"/fuzz/*_fuzz.cc; do
    name=$(basename "$source" _fuzz.cc)
    names+=("$name")
  done
fi

fuzz_one() {
  local name=$1 learned=$fuzzed/corpus/$1 code=0
  mkdir -p "$learned"
  # A broken file may ask for gigabytes and for minutes: both are findings.
  "$build/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2560 -print_final_stats=1 -print_funcs=0 \
    -artifact_prefix="$fuzzed/found/$name-" "$learned" "$root/fuzz/corpus/$name" \
    >"$fuzzed/log/$name.txt" 2>&1 || code=$?
  local runs
  runs=$(grep -aoE 'number_of_executed_units: [0-9]+' "$fuzzed/log/$name.txt" | grep -oE '[0-9]+$' || echo 0)
  if [[ $code == 0 ]]; then
    echo "$name: $runs runs, nothing found"
  else
    echo "$name: FOUND something, exit code $code: $fuzzed/log/$name.txt"
    return 1
  fi
}

export -f fuzz_one
export root build seconds fuzzed
for name in "${names[@]}"; do
  [[ -x $build/fuzz/${name}_fuzz ]] || { echo "fuzz: error: no target '$name' in $build/fuzz" >&2; exit 2; }
done
printf '%s\0' "${names[@]}" | xargs -0 -n1 -P"${FUZZ_JOBS:-$(nproc)}" bash -c 'fuzz_one "$0"' || exit 1
