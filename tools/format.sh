#!/usr/bin/env bash
# Formats every C++ source of the project in place; with --check only tells what is not formatted.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=(-i)
[[ ${1:-} == --check ]] && mode=(--dry-run -Werror)
if ! command -v clang-format-14 >/dev/null; then
  echo "format: clang-format-14 is not installed; ./dev setup does it" >&2
  exit 1
fi

folders=()
for folder in include src apps python examples tests bench fuzz; do
  [[ -d $folder ]] && folders+=("$folder")
done
if ! find "${folders[@]}" -type f -regex '.*\.\(h\|cc\|cpp\|inc\)' -print0 |
  xargs -0 -r clang-format-14 "${mode[@]}"; then
  echo "format: some files are not formatted; run ./dev format" >&2
  exit 1
fi
