#pragma once
/// The aggregation port: how a node makes one model of several.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// A model that a rule may use.
struct PeerModel {
  NodeId node{};
  std::uint64_t samples = 0;  ///< training-set size n that travelled with the model
  std::uint32_t degree = 0;   ///< the peer's present number of neighbours
  /// A model row: read only, may be shared; equal lengths, gaps hold 0.
  std::span<const float> model;
};

/// A rule of aggregation, stateless. A linear rule returns weights, and the core forms the weighted
/// sums for all nodes of a command at once; any other rule merges rows itself. The core blends the
/// result with the communal learning rate: theta <- (1 - rate) * theta + rate * result.
///
/// models[0] is the node itself; the others are distinct peers in ascending order of NodeId.
/// Errors: too few models is an Error with kRefused; nothing has been changed then.
/// Threads: const calls may run at the same time. Results depend on nothing but the arguments.
class Aggregator {
 public:
  /// Which models a rule is shown beside the node's own.
  enum class Sees : std::uint8_t {
    kEncounters,  ///< every record of the guestbook
    kInbox,       ///< the newest message of each sender in the inbox
  };

  virtual ~Aggregator() = default;
  virtual Sees sees() const = 0;
  virtual bool linear() const = 0;

  /// Requires linear(); weights.size() == models.size(). The weights are finite and sum to 1.
  Result<void> Weigh(std::span<const PeerModel> models, std::span<double> weights) const;
  /// Requires !linear(); `out` is as long as a model row and overlaps none. Overwrites all of it.
  Result<void> Merge(std::span<const PeerModel> models, std::span<float> out) const;

 private:
  virtual Result<void> DoWeigh(std::span<const PeerModel> models, std::span<double> weights) const;
  virtual Result<void> DoMerge(std::span<const PeerModel> models, std::span<float> out) const;
};

}  // namespace delstep
