#pragma once
/// Which process keeps the rows of which node.
#include <cstddef>
#include <cstdint>

#include "delstep/types.h"

namespace delstep {

/// Nodes are dealt in blocks of at most 64 that follow each other, a block per process in turn. So any
/// part of the nodes that a command is about is spread over all processes, and neighbours of a grid
/// or a ring mostly stay together. Numbers of nodes per process differ by one block at most, and
/// where there are as many nodes as processes none is without.
struct Homes {
  int processes = 1;
  std::size_t nodes = 0;  ///< with which the run began; later ones are dealt one by one

  int Of(NodeId node) const {
    const std::size_t id = Index(node), all = static_cast<std::size_t>(processes);
    if (id >= nodes) return static_cast<int>(id % all);
    constexpr std::size_t kLargest = 64;
    const std::size_t rounds = (nodes + kLargest * all - 1) / (kLargest * all);
    const std::size_t block = id * (all * rounds) / nodes;
    return static_cast<int>(block % all);
  }
};

}  // namespace delstep
