#pragma once
/// The spectral gap of a graph: how fast averaging along its edges makes all nodes agree.
///
/// The graph is undirected and simple. Its matrix has the Metropolis-Hastings weights (Xiao and
/// Boyd, "Fast linear iterations for distributed averaging", 2004):
///
///   W_ij = 1 / (1 + max(degree i, degree j)) for an edge,   W_ii = 1 - sum of the others in row i
///
/// The gap is 1 - max(|lambda_2|, |lambda_n|), of all eigenvalues but the one 1 that the equal
/// vector has. One averaging with W takes the consensus distance to (1 - gap)^2 of it, or below.
/// Between 0, where some nodes are not connected, and 1, where each is linked to each (or there is
/// one node only).
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace delstep {

struct SpectralGap {
  double gap = 1;
  /// Within 1e-9. False for some graphs of more than 1,000 nodes in which information travels
  /// slowly, such as rings: the true gap is this or smaller.
  bool exact = true;
};

/// Each edge once, in either direction, between two different nodes below `nodes`. By the method of
/// Lanczos: time and memory grow with the nodes and with how many steps it takes, of which there
/// are few in well connected graphs. Ends after some seconds at most. Equal arguments, equal bits.
SpectralGap SpectralGapOf(std::size_t nodes,
                          std::span<const std::pair<std::uint32_t, std::uint32_t>> edges);

/// How many parts the graph falls into that are not connected with each other; 0 without nodes.
std::size_t CountComponents(std::size_t nodes,
                            std::span<const std::pair<std::uint32_t, std::uint32_t>> edges);

}  // namespace delstep
