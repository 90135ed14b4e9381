#pragma once
/// The state of a run as bytes: what Simulation::SaveState() makes, and Simulation::Resume() takes.
///
/// The bytes hold everything that changes in a run: models, optimizers, guestbooks, mail, messages
/// on the way, clock, links, groups, counts. They do not hold what a run is made from: the
/// scenario, and the data, of which they know a hash. What is said about the run (log, script, exit
/// code) is the program's, which keeps it beside them in its checkpoint files (src/checkpoint).
///
/// Equal states give equal bytes. They are for the same version of the program.
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace delstep {

/// The bytes in pieces, which follow each other. Models are not copied for it: the pieces point
/// into `owner`, so they stay as they are while the run goes on.
struct SavedState {
  std::vector<std::span<const std::byte>> pieces;
  std::shared_ptr<const void> owner;
};

}  // namespace delstep
