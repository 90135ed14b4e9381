#include "console/history/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/machine_memory.h"
#include "base/text.h"

namespace delstep {
namespace {

/// Of a moment's entry in the tree and among those kept, its command and the settings' handle, as
/// the allocator takes them.
constexpr Bytes kMomentBytes = 512;

}  // namespace

History::History(Simulation& simulation, Config& config)
    : simulation_(simulation),
      config_(config),
      moments_({.cycle = simulation.cycle(), .at = simulation.now()}) {
  Keep();
}

Bytes History::bytes_besides_present() const {
  const Snapshot* present = SnapshotOf(moments_.present().number);
  const Bytes of_present = present ? present->BytesBeside(Snapshot()) : 0;
  return own_bytes_ > of_present ? own_bytes_ - of_present : 0;
}

const Snapshot* History::SnapshotOf(MomentNumber moment) const {
  const auto found = kept_.find(moment);
  return found == kept_.end() ? nullptr : &found->second.snapshot;
}

MomentNumber History::oldest() const {
  const Moment* at = &moments_.present();
  while (at->parent && kept_.contains(*at->parent) && moments_.Find(*at->parent))
    at = moments_.Find(*at->parent);
  return at->number;
}

Bytes History::limit() const {
  return simulation_.scenario().history.memory.value_or(MachineMemory() / 4);
}

void History::Tell(std::uint64_t cycle, Happening what) {
  if (observer_) observer_({.at = simulation_.now(), .cycle = cycle, .what = std::move(what)});
}

// ---- What is kept.

/// The present moment, as the world is now.
void History::Keep() {
  auto snapshot = simulation_.TakeSnapshot();
  if (!snapshot) {
    refusal_ = std::move(snapshot).error();
    return;
  }
  const MomentNumber present = moments_.present().number;
  // Also where it is taken again after a test: what counts is what the moment before does not hold.
  const auto& parent = moments_.present().parent;
  const Snapshot* before = parent ? SnapshotOf(*parent) : nullptr;
  const Bytes own =
      kMomentBytes + (before ? snapshot->BytesBeside(*before) : snapshot->own_bytes());
  Drop(present);
  own_bytes_ += own;
  kept_.emplace(present, Kept{.snapshot = *std::move(snapshot), .config = config_, .own = own});
}

void History::Drop(MomentNumber moment) {
  const auto found = kept_.find(moment);
  if (found == kept_.end()) return;
  own_bytes_ -= found->second.own;
  kept_.erase(found);
}

std::optional<MomentNumber> History::Oldest(bool named) const {
  for (const auto& kept : kept_)
    if (kept.first != moments_.present().number && moments_.IsNamed(kept.first) == named)
      return kept.first;
  return std::nullopt;
}

void History::Trim() {
  const Bytes most = limit();
  while (simulation_.row_bytes() + own_bytes_ > most) {
    auto oldest = Oldest(false);
    if (!oldest) oldest = Oldest(true);
    if (!oldest) return;
    Drop(*oldest);
  }
  // A run of a million commands must not fill the memory with what nobody will read.
  while (moments_.all().size() > kept_.size() + kMostListed) {
    const auto idle = std::ranges::find_if(moments_.all(), [&](const auto& entry) {
      return !kept_.contains(entry.first) && entry.first != moments_.present().number &&
             !moments_.IsNamed(entry.first);
    });
    if (idle == moments_.all().end()) return;
    moments_.Forget(idle->first);
  }
}

// ---- Checkpoints.

SavedHistory History::Save(const Moments::Point& point, const Config& config) const {
  SavedHistory saved;
  saved.tree = moments_.AsAt(point);
  saved.configs.push_back(config);
  const MomentNumber present = point.present.number;
  if (const auto kept = kept_.find(present); kept != kept_.end()) saved.own = kept->second.own;
  for (const bool named : {true, false})
    for (auto each = kept_.rbegin(); each != kept_.rend(); ++each) {
      const auto& [number, kept] = *each;
      if (number == present || !saved.tree.Find(number) || saved.tree.IsNamed(number) != named)
        continue;
      saved.kept.push_back({.number = number,
                            .config = saved.PlaceOf(kept.config),
                            .own = kept.own,
                            .snapshot = kept.snapshot});
    }
  return saved;
}

void History::Resume(const SavedHistory& saved) {
  moments_ = saved.tree;
  kept_.clear();
  own_bytes_ = 0;
  Keep();
  if (refusal_) return;
  Kept& present = kept_.at(moments_.present().number);
  present.own = own_bytes_ = saved.own;
  for (const SavedHistory::Kept& each : saved.kept) {
    if (!each.snapshot) continue;
    own_bytes_ += each.own;
    kept_.emplace(
        each.number,
        Kept{.snapshot = each.snapshot, .config = saved.configs[each.config], .own = each.own});
  }
}

// ---- A command has ended.

bool History::HasChanged(bool any_event) const {
  const Snapshot* before = SnapshotOf(moments_.present().number);
  return before ? before->hash() != simulation_.WorldHash() : any_event;
}

void History::Refresh() { Keep(); }

Result<void> History::TakeBack() {
  const Kept& present = kept_.at(moments_.present().number);
  DELSTEP_TRY(simulation_.Restore(present.snapshot));
  config_ = present.config;
  return {};
}

/// Without a hint.
Error History::Difference(const std::string& command, const Snapshot& expected,
                          const Snapshot& found) const {
  std::vector<std::string> fields = expected.DifferentFields(found);
  constexpr std::size_t kNamed = 5;
  if (fields.size() > kNamed) fields.resize(kNamed);
  return Refused(
      fmt::format("'{}' left another world than it did before, from the same moment; it "
                  "differs in {}",
                  command, Join(fields, ", ")));
}

std::string History::OwnCode() const {
  const auto is_file = [](const std::string& name) { return Lower(name).ends_with(".cpp"); };
  const auto own = [&](std::string_view kind, std::string_view key, const std::string& name) {
    if (is_file(name)) return name;
    const bool is_own = is_own_code_ && is_own_code_(key, name);
    return is_own ? fmt::format("{} '{}'", kind, name) : std::string();
  };
  const Scenario& scenario = config_.scenario();
  if (auto rule = own("aggregation rule", "aggregation.name", scenario.aggregation.name);
      !rule.empty())
    return rule;
  // Some nodes may have one of their own.
  for (const std::string& name : simulation_.BehaviourNames())
    if (auto behaviour = own("behaviour", "behaviour.name", name); !behaviour.empty())
      return behaviour;
  return is_file(scenario.model.file) ? scenario.model.file : std::string();
}

/// A function that reads something besides what it is shown, which has changed meanwhile.
Error History::Refuse(const std::string& command, const Snapshot& expected,
                      const std::string& own_code) {
  const auto found = simulation_.TakeSnapshot();
  Error error =
      Difference(command, expected, found ? *found : *SnapshotOf(moments_.present().number));
  if (const auto taken_back = TakeBack(); !taken_back) return taken_back.error();
  error.hint = fmt::format(
      "{} gives another result than it did then: it may depend on nothing but "
      "what it is shown; nothing has changed",
      own_code);
  return error;
}

Result<void> History::Note(const CommandEnd& command) {
  const std::uint64_t cycle = moments_.present().cycle;  // in which the command began
  const Moment* recorded = moments_.Recorded(command.text);
  Snapshot expected;  // which this is not, and should be
  if (recorded) {
    const Snapshot* then = SnapshotOf(recorded->number);
    // A `set` that names a file which holds something else by now is another command.
    const bool same_files = !then || simulation_.HasFilesOf(*then);
    const bool certain = recorded->certain && !command.failed && !command.uncertain && same_files;
    const bool same = then ? same_files && then->hash() == simulation_.WorldHash() : certain;
    if (!same && certain) expected = *then;
    if (!same) recorded = nullptr;
  }
  if (const std::string own = expected ? OwnCode() : ""; !own.empty())
    return Refuse(command.text, expected, own);
  if (recorded) {
    // Whoever comes back to this moment, now or later, sees the tests that were made at it.
    if (const Snapshot* then = SnapshotOf(recorded->number)) simulation_.AdoptTests(*then);
    moments_.StepForth();
    Drop(moments_.present().number);  // the world that is there now shares more with what comes
  } else {
    const BranchId before = moments_.branch().id;
    moments_.Add({.cycle = simulation_.cycle(),
                  .at = simulation_.now(),
                  .command = command.text,
                  .certain = !command.failed && !command.uncertain});
    const Branch& branch = moments_.branch();
    if (branch.id != before)
      Tell(cycle, BranchMade{.branch = branch.name, .moment = *moments_.present().parent});
  }
  Keep();
  Trim();
  const Moment& present = moments_.present();
  Tell(cycle,
       MomentMade{
           .moment = present.number, .parent = *present.parent, .branch = moments_.branch().name});
  if (!expected) return {};
  Error fault = Difference(command.text, expected, *SnapshotOf(present.number));
  fault.hint = "this is a fault of DEL-Step: please report it, with the script";
  return fault;
}

// ---- Going.

Result<Destination> History::Undo(std::uint64_t steps) { return Go(moments_.Back(steps)); }
Result<Destination> History::Redo(std::uint64_t steps) { return Go(moments_.Forth(steps)); }
Result<Destination> History::GoTo(std::string_view word) { return Go(moments_.At(word)); }
Result<Destination> History::Switch(std::string_view branch) { return Go(moments_.LastOf(branch)); }

Result<const History::Kept*> History::FindKept(MomentNumber moment) const {
  // Without snapshots nothing else is true: "moment 3 is not kept" would sound as if it had been.
  if (refusal_) return *refusal_;
  if (const auto found = kept_.find(moment); found != kept_.end()) return &found->second;
  return Refused(
      fmt::format("moment {} is not kept any more; one can go back to moment {}", moment, oldest()),
      fmt::format("history.memory ({}) says how much is kept", HumanBytes(limit())));
}

Result<const History::Kept*> History::Look(std::string_view word) const {
  DELSTEP_ASSIGN(const Destination to, moments_.At(word));
  return FindKept(to.moment);
}

std::vector<Snapshot> History::Snapshots() const {
  std::vector<Snapshot> snapshots;
  for (auto kept = kept_.rbegin(); kept != kept_.rend(); ++kept)
    snapshots.push_back(kept->second.snapshot);
  return snapshots;
}

Result<Destination> History::Go(Result<Destination> to) {
  if (refusal_) return *refusal_;
  if (!to) return to;
  DELSTEP_ASSIGN(const Kept* kept, FindKept(to->moment));
  const Moment before = moments_.present();
  DELSTEP_TRY(simulation_.Restore(kept->snapshot));
  config_ = kept->config;
  moments_.Go(*to);
  Tell(before.cycle,
       WentTo{.moment = to->moment, .from = before.number, .branch = moments_.branch().name});
  return to;
}

// ---- Names.

Result<std::optional<MomentNumber>> History::Mark(std::string_view name) {
  DELSTEP_ASSIGN(const std::optional<MomentNumber> before, moments_.Mark(name));
  const Moment& present = moments_.present();
  Tell(present.cycle, MarkSet{.mark = std::string(name), .moment = present.number});
  return before;
}

Result<void> History::MakeBranch(std::string_view name) {
  if (refusal_) return *refusal_;
  DELSTEP_TRY(moments_.MakeBranch(name));
  const Moment& present = moments_.present();
  Tell(present.cycle, BranchMade{.branch = std::string(name), .moment = present.number});
  return {};
}

Result<std::size_t> History::DeleteBranch(std::string_view name) {
  DELSTEP_ASSIGN(const std::vector<MomentNumber> forgotten, moments_.DeleteBranch(name));
  for (const MomentNumber moment : forgotten) Drop(moment);
  Tell(moments_.present().cycle, BranchDeleted{.branch = std::string(name)});
  return forgotten.size();
}

}  // namespace delstep
