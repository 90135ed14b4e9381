#!/usr/bin/env bash
# Floods and rounds over ns-3 and Mininet, with models of 101,864 bytes (784-32-10 on MNIST) at
# 10 Mbit/s: seconds by the clock, start and end of the program included. Usage: bench/packets.sh [PROGRAM]
# What a flood after the first costs is the difference of two rows, over the number of floods between.
set -euo pipefail
program=${1:-build/release/delstep}
measure() {
  local title=$1 begin end
  shift
  begin=$(date +%s%N)
  "$program" --quiet partition.samples_per_node=10 network.bandwidth=10Mbps "$@" >/dev/null || echo "failed: $title"
  end=$(date +%s%N)
  printf '%-44s %7.2f s\n' "$title" "$(((end - begin) / 10000000))e-2"
}
for floods in 1 4; do
  script="repeat $floods { flood; nstep }; expect lost == 0 and in_flight == 0"
  measure "ns3 mesh, 12 nodes, $floods x 132 models" nodes.count=12 network.backend=ns3 -c "$script"
  measure "mininet, 12 nodes, $floods x 132 models" nodes.count=12 network.backend=mininet -c "$script"
done
for floods in 1 2; do
  measure "ns3 mesh, 50 nodes, $floods x 2,450 models" nodes.count=50 network.backend=ns3 \
    -c "repeat $floods { flood; nstep }"
done
measure "ns3 mesh, 500 nodes, 2,000 models" nodes.count=500 topology.name=regular topology.degree=4 \
  network.backend=ns3 -c 'flood; nstep'
measure "ns3 wifi, 12 nodes, 132 models" nodes.count=12 network.backend=ns3 ns3.topology=wifi \
  network.bandwidth=inf topology.name=radio mobility.area=50x50 -c 'flood; nstep'
