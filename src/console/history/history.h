#pragma once
/// The moments of a session with what the world was like at each: `undo`, `goto`, `branch` and the
/// rest are calls of this class.
///
/// Moments share what they have in common, so one costs what has changed since the one before. They
/// are kept as long as all of them together stay below history.memory. Beyond it the oldest lose
/// their snapshots first, those with a mark and the ends of branches last, and the present one
/// never.
///
/// A network that cannot go back makes no snapshots: its moments have numbers and nothing else, and
/// going fails with its reason.
///
/// Threads: one.
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "console/history/moments.h"
#include "console/history/saved_history.h"
#include "delstep/event.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "delstep/snapshot.h"
#include "scenario/config.h"

namespace delstep {

class History {
 public:
  /// Moments without a snapshot that are still listed; older ones are forgotten.
  static constexpr std::size_t kMostListed = 100'000;

  /// The present state is the first moment. Both outlive this.
  History(Simulation& simulation, Config& config);

  const Moments& moments() const { return moments_; }
  /// The world at a moment, and the configuration with its origins.
  struct Kept {
    Snapshot snapshot;
    Config config;
    Bytes own = 0;  ///< what it holds that the moment before does not, without rows
  };
  /// The moment that the word names, see Moments::At(). Errors: as those of GoTo(). The pointer
  /// holds until the next call that is not const.
  Result<const Kept*> Look(std::string_view name_or_number) const;
  const std::map<MomentNumber, Kept>& kept() const { return kept_; }
  /// All that are kept, the newest first.
  std::vector<Snapshot> Snapshots() const;
  /// What they hold besides models and optimizer states.
  Bytes own_bytes() const { return own_bytes_; }
  /// The same, without what the present world holds too.
  Bytes bytes_besides_present() const;
  /// Null: the moment is not kept, or the network cannot go back.
  const Snapshot* SnapshotOf(MomentNumber moment) const;
  /// The oldest moment from which on one can go back step by step from the present one.
  MomentNumber oldest() const;
  /// What snapshots may take, and what keeps the network from making any.
  Bytes limit() const;
  const std::optional<Error>& refusal() const { return refusal_; }

  /// Tells whether a rule of aggregation or a behaviour is code of the user's own, by its key and its
  /// name: ("aggregation.name", "x"). C++ files are known without.
  using IsOwnCode = std::function<bool(std::string_view key, const std::string& name)>;
  void AskForOwnCode(IsOwnCode is_own_code) { is_own_code_ = std::move(is_own_code); }

  /// Moments made and gone to, marks and branches, as events.
  void Observe(std::function<void(const Event&)> observer) { observer_ = std::move(observer); }

  // ---- Checkpoints.

  /// What a checkpoint has of the history as it was at the point (see Moments::AsAt()), where
  /// `config` was the configuration. What matters most comes first: what has a name, then the
  /// newest.
  SavedHistory Save(const Moments::Point& point, const Config& config) const;
  /// Goes on where another history was: the present state is that of its present moment.
  void Resume(const SavedHistory& saved);

  // ---- A command has ended.

  struct CommandEnd {
    std::string text;
    bool failed = false;
    bool uncertain = false;  ///< see CommandResult: given again, it may do something else
  };
  /// It has changed the world. Where it is the command that was recorded next on this branch, it
  /// ends in the recorded moment. Errors: kRefused, if it then left another world than it did
  /// before. Where code of the user's own takes part, that is what has changed: then the world is as
  /// before the command. Else it is a fault of the program, and the moment is a new one.
  Result<void> Note(const CommandEnd& command);
  /// Whether the world is another one than at the present moment. Takes a pass over all models.
  /// `any_event`: what to go by where there is no snapshot.
  bool HasChanged(bool any_event) const;
  /// Something that only tells of the past, such as a last test, has changed.
  void Refresh();
  /// What the command has changed is taken back: world and configuration are those of the present
  /// moment again. Requires a network that can go back. Errors: what Simulation::Restore() says.
  Result<void> TakeBack();

  // ---- Going: everything that the world is, and the configuration. Nothing has changed after an
  // error. Errors: kRefused for what is not there or not kept; what Simulation::Restore() says.

  Result<Destination> Undo(std::uint64_t steps);
  Result<Destination> Redo(std::uint64_t steps);
  Result<Destination> GoTo(std::string_view name_or_number);
  Result<Destination> Switch(std::string_view branch);

  // ---- Names. Errors: kRefused for a name that is taken.

  /// Returns where the mark was before.
  Result<std::optional<MomentNumber>> Mark(std::string_view name);
  /// Errors: also that the network cannot go back.
  Result<void> MakeBranch(std::string_view name);
  /// Returns how many moments are forgotten.
  Result<std::size_t> DeleteBranch(std::string_view name);

 private:
  Error Difference(const std::string& command, const Snapshot& expected,
                   const Snapshot& found) const;
  /// The code of the user's own that takes part in commands, such as "aggregation rule 'x'"; "": none.
  std::string OwnCode() const;
  Error Refuse(const std::string& command, const Snapshot& expected, const std::string& own_code);
  Result<Destination> Go(Result<Destination> to);
  Result<const Kept*> FindKept(MomentNumber moment) const;
  void Keep();
  void Drop(MomentNumber moment);
  void Trim();
  std::optional<MomentNumber> Oldest(bool named) const;
  void Tell(std::uint64_t cycle, Happening what);

  Simulation& simulation_;
  Config& config_;
  Moments moments_;
  std::map<MomentNumber, Kept> kept_;
  Bytes own_bytes_ = 0;  // of all kept snapshots
  std::optional<Error> refusal_;
  IsOwnCode is_own_code_;
  std::function<void(const Event&)> observer_;
};

}  // namespace delstep
