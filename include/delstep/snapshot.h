#pragma once
/// Moments of a run that one can come back to.
///
/// A simulation is a value at heart: everything that changes lies in one place, and a copy of it
/// is a moment. Simulation::TakeSnapshot() makes one, Simulation::Restore() goes back to it, as
/// often as wanted and in any order. Going on from a moment in the same way gives the same bits
/// again, because the random streams are named by who draws for the how-many-th time, and these
/// counts are in the moment too.
///
///   DELSTEP_ASSIGN(const Snapshot before, simulation->TakeSnapshot());
///   DELSTEP_TRY(simulation->Aggregate(nodes));         // what if they had not ...
///   DELSTEP_TRY(simulation->Restore(before));          // ... back, and train instead
///   DELSTEP_TRY(simulation->Train(nodes));
///
/// What is in it: clock, cycle, settings made by Reconfigure(), nodes with models, optimizer
/// states, guestbooks and mail, links, groups, the network with its messages on the way, and what
/// was counted and tested so far. A rule or behaviour of the user's own is in it as it was then,
/// whatever its file holds by now. What is not: observers, and what they have written.
///
/// Cost: what two moments have in common is stored once: a model that nobody has trained since, a
/// node that did nothing, a link that nobody used. A moment in which nothing has changed costs
/// about 8 bytes a node; taking one takes microseconds where nodes are few, see
/// docs/internals/moments.md.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "delstep/types.h"

namespace delstep {

struct MadeParts;
struct World;

/// A moment of one simulation, which never changes. A handle: copying it costs a reference.
/// Dropping the last one frees what no other moment holds.
///
/// A snapshot belongs to the simulation that it was taken of, and must not outlive its registry.
/// Threads: handles may be copied, dropped and looked at in any thread.
class Snapshot {
 public:
  /// No moment at all. Nothing but assignment and the test for it may be asked.
  Snapshot() = default;

  explicit operator bool() const { return world_ != nullptr; }
  /// Two handles of the same moment?
  friend bool operator==(const Snapshot&, const Snapshot&) = default;

  SimTime now() const;
  std::uint64_t cycle() const;
  /// As Simulation::WorldHash() was at the moment: equal hashes, equal futures. Reads every model.
  std::uint64_t hash() const;
  /// What differs between two moments whose hashes do: "cycle", "node 3: model". Names are those of
  /// docs/internals/state.md.
  std::vector<std::string> DifferentFields(const Snapshot& other) const;
  /// What it holds that the moment taken or gone back to before it did not, in bytes, without
  /// models and optimizer states (Simulation::row_bytes() has those of all moments together).
  Bytes own_bytes() const { return own_bytes_; }
  /// The same, of what another moment does not hold; nothing is held by Snapshot(). Looks at each
  /// node's handle, and at the lists of those that differ.
  Bytes BytesBeside(const Snapshot& other) const;

 private:
  friend class Simulation;
  friend class MomentView;
  Snapshot(std::shared_ptr<const World> world, Bytes own_bytes,
           std::shared_ptr<const MadeParts> made)
      : world_(std::move(world)), own_bytes_(own_bytes), made_(std::move(made)) {}

  std::shared_ptr<const World> world_;
  Bytes own_bytes_ = 0;
  std::shared_ptr<const MadeParts> made_;  ///< null: of a checkpoint, which has no code
};

}  // namespace delstep
