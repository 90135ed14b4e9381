#include "network/remote/remote_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/cow.h"
#include "delstep/mobility.h"
#include "network/remote/conversation.h"
#include "network/remote/helper_pool.h"
#include "network/remote/journal.h"
#include "network/remote/link_rules.h"
#include "network/remote/on_the_way.h"
#include "network/remote/saved.h"
#include "network/remote/tell_journal.h"
#include "network/remote/ways.h"

namespace delstep::remote {
namespace {

constexpr Bytes kLargestMessage = Bytes{1} << 40;  // a TiB; helpers take no larger ones

/// What a network and its copies have in common.
struct Shared {
  Backend backend;
  std::string version, begin_line;

  void BeginWith(const LinkProperties& link) {
    backend.link = link;
    begin_line = BeginLine(backend.traits.name, backend.seed, link, backend.options);
  }
  bool keeps_journal() const { return backend.traits.can_snapshot; }
  Result<std::unique_ptr<HelperProcess>> Start() const {
    std::string now;
    DELSTEP_ASSIGN(auto process, Begin(backend.program, begin_line, now));
    if (now != version)
      return Unavailable(fmt::format("{} has changed: it was {}, and is {} now",
                                     backend.program.called, version, now));
    return process;
  }
};

class RemoteNetwork final : public Network {
 public:
  RemoteNetwork(std::shared_ptr<const Shared> shared, std::unique_ptr<HelperProcess> process)
      : shared_(std::move(shared)), default_link_(shared_->backend.link) {
    seat_->process = std::move(process);
    // A session begins with a helper that is there; if that dies, the network is gone.
    seat_->is_used = true;
    if (!shared_->keeps_journal()) return;
    const std::lock_guard lock(seat_->mutex);
    HelperPool::Get().Use(*seat_);
  }
  ~RemoteNetwork() override {
    const std::lock_guard lock(seat_->mutex);
    HelperPool::Get().Empty(*seat_);
  }

  const NetworkTraits& traits() const override { return shared_->backend.traits; }

 private:
  /// A copy without a process.
  RemoteNetwork(const RemoteNetwork& other)
      : Network(other),
        shared_(other.shared_),
        started_(other.started_),
        start_(other.start_),
        default_link_(other.default_link_),
        own_links_(other.own_links_),
        journal_(other.journal_),
        on_the_way_(other.on_the_way_) {}

  // The helper's clock begins at 0, whatever ours showed then (StartAt()).
  SimTime Theirs(SimTime ours) const { return SimTime(ours - start_); }
  SimTime Ours(SimTime theirs) const { return start_ + theirs.time_since_epoch(); }
  SimTime TheirNow() const { return Theirs(now()); }

  void Begin() {
    if (!std::exchange(started_, true)) start_ = now();
  }
  Result<void> Note(Change change) {
    Begin();
    Remember(change);
    journal_.Add(std::move(change));
    return {};
  }
  void Remember(const Change& change);
  Error CannotBe(std::string_view what) const {
    return Refused(
        fmt::format("one cannot go back, branch or save over the network '{}': it cannot be {}",
                    traits().name, what),
        "it runs in real time, in a program of its own");
  }

  std::size_t DoInFlight() const override { return on_the_way_.size(); }
  Result<void> DoAttach(NodeId node) override { return Note(Attached{node}); }
  Result<void> DoDetach(NodeId node) override { return Note(Detached{node}); }
  Result<void> DoSetUp(NodeId node, bool up) override {
    return Note(Switched{.node = node, .up = up});
  }
  Result<void> DoSetDefaultLink(const LinkProperties& link) override;
  Result<void> DoSetLink(NodeId from, NodeId to, const LinkProperties& link) override;
  Result<void> DoClearLink(NodeId from, NodeId to) override {
    return Note(LinkCleared{.from = from, .to = to});
  }
  Result<void> DoSetCapacity(NodeId node, double up, double down) override {
    return Note(CapacitySet{.node = node, .up = up, .down = down});
  }
  Result<void> DoSetLegs(std::span<const NodeLegs> nodes, SimTime until) override {
    Begin();
    for (const NodeLegs& legs : nodes)
      journal_.Add(Moves{.node = legs.node, .ways = WaysOf(legs, now(), until, start_)});
    return {};
  }
  Result<void> DoSend(const Message& message) override {
    if (message.bytes > kLargestMessage)
      return Refused(fmt::format("a message of {} bytes is too large for {}", message.bytes,
                                 shared_->backend.program.called));
    DELSTEP_TRY(Note(Sent{message}));
    on_the_way_.Send(message, TheirNow());
    return {};
  }
  Result<Passage> DoAdvanceTo(SimTime deadline) override;
  Result<Passage> DoAdvanceToNext(SimTime limit, SimTime& end) override;
  Result<Passage> DoDrain(std::span<const MessageId> until, SimTime& end) override;
  Result<void> DoWithdraw(std::span<const MessageId> messages) override {
    on_the_way_.Withdraw(messages);
    return Note(Withdrawn{{messages.begin(), messages.end()}});
  }
  Result<std::unique_ptr<Network>> DoClone() const override;
  Result<std::string> DoSave() const override;
  Result<void> DoLoad(std::string_view saved) override;

  /// Time passes with nobody on the way: there is nothing to ask.
  void PassAlone(SimTime to) {
    const std::lock_guard lock(seat_->mutex);
    // The helper is told when it is spoken to next, also if it knows of a part of this time.
    seat_->told = std::min(seat_->told, journal_.AddPassed(to));
  }
  /// Asks for time to pass by `line`, up to and including `limit` at most, and books what ended.
  /// `is_right` says whether it may have stopped there.
  template <class IsRight>
  Result<Passage> Ask(const std::string& line, SimTime limit, IsRight is_right);
  template <class IsRight>
  Result<Passage> AskOnce(const std::string& line, SimTime limit, IsRight is_right);
  Result<void> Sit();

  std::shared_ptr<const Shared> shared_;
  bool started_ = false;
  SimTime start_{};  // of the helper's clock, by ours
  LinkProperties default_link_;
  Cow<std::map<std::pair<NodeId, NodeId>, LinkProperties>> own_links_;
  Journal journal_;  // where none is kept, what the helper was not told yet
  OnTheWay on_the_way_;
  // A copy that is looked at by several threads may be copied by each.
  const std::unique_ptr<Seat> seat_ = std::make_unique<Seat>();
};

/// What later calls are checked against.
void RemoteNetwork::Remember(const Change& change) {
  if (const auto* all = std::get_if<DefaultSet>(&change)) default_link_ = all->link;
  if (traits().single_links) return;
  if (const auto* set = std::get_if<LinkSet>(&change))
    own_links_.Write()[{set->from, set->to}] = set->link;
  if (const auto* cleared = std::get_if<LinkCleared>(&change))
    own_links_.Write().erase({cleared->from, cleared->to});
  if (const auto* detached = std::get_if<Detached>(&change))
    std::erase_if(own_links_.Write(), [node = detached->node](const auto& link) {
      return link.first.first == node || link.first.second == node;
    });
}

Error Explained(const Shared& shared, Error error) {
  if (shared.backend.explain) shared.backend.explain(error);
  return error;
}

Error Restartable(const Shared& shared, Error error) {
  error = Explained(shared, std::move(error));
  if (error.hint.empty()) error.hint = "`network restart` starts it again";
  return error;
}

Result<void> RemoteNetwork::DoSetDefaultLink(const LinkProperties& link) {
  DELSTEP_TRY(CheckLink(shared_->backend, link));
  // A link of its own would keep what it has, which such a network cannot.
  for (const auto& [pair, own] : *own_links_) DELSTEP_TRY(CheckSingle(shared_->backend, own, link));
  return Note(DefaultSet{link});
}

Result<void> RemoteNetwork::DoSetLink(NodeId from, NodeId to, const LinkProperties& link) {
  DELSTEP_TRY(CheckLink(shared_->backend, link));
  DELSTEP_TRY(CheckSingle(shared_->backend, link, default_link_));
  return Note(LinkSet{.from = from, .to = to, .link = link});
}

Result<Passage> RemoteNetwork::DoAdvanceTo(SimTime deadline) {
  Begin();
  // Nothing can end where nothing is on the way: what is asked for is only that time passes.
  const SimTime to = Theirs(deadline);
  if (on_the_way_.empty() && to == TheirNow()) return Passage{};
  if (on_the_way_.empty() && traits().simulated_time) {
    PassAlone(to);
    return Passage{};
  }
  std::string line;
  AppendLine(line, Passed{to});
  return Ask(line, to, [to](const Passing& passing) { return passing.now == to; });
}

Result<Passage> RemoteNetwork::DoAdvanceToNext(SimTime limit, SimTime& end) {
  if (on_the_way_.empty()) return DoAdvanceTo(limit);
  Begin();
  const SimTime to = Theirs(limit);
  DELSTEP_ASSIGN(Passage passage, Ask(NextLine(to), to, [to](const Passing& passing) {
                   return passing.ended.empty() ? passing.now == to
                                                : passing.now == passing.ended.back().at &&
                                                      passing.now == passing.ended.front().at;
                 }));
  end = passage.empty() ? limit : passage.back().at;
  return passage;
}

Result<Passage> RemoteNetwork::DoDrain(std::span<const MessageId> until, SimTime& end) {
  if (on_the_way_.empty()) return Passage{};
  // Those that the helper would not know may be named: they have ended, or were never sent. And one
  // may be named twice.
  std::vector<MessageId> awaited;
  for (const MessageId id : until)
    if (on_the_way_.Has(id)) awaited.push_back(id);
  std::ranges::sort(awaited);
  awaited.erase(std::unique(awaited.begin(), awaited.end()), awaited.end());
  // None of them is on the way: what has ended by now is all there is to tell.
  if (awaited.empty() && !until.empty()) return DoAdvanceTo(now());
  Begin();
  const std::size_t all = on_the_way_.size();
  const SimTime before = TheirNow();
  const auto is_right = [&](const Passing& passing) {
    // All that were awaited have ended, and the clock did not go on after the last one.
    std::size_t ended = 0;
    SimTime last = before;
    for (const End& row : passing.ended) {
      if (!awaited.empty() && !std::ranges::binary_search(awaited, row.message)) continue;
      ++ended;
      last = row.at;
    }
    return ended == (awaited.empty() ? all : awaited.size()) && passing.now == last;
  };
  DELSTEP_ASSIGN(Passage passage, Ask(DrainLine(awaited), SimTime::max(), is_right));
  end = Ours(journal_.now());
  return passage;
}

/// A process that the network has never spoken to may have died meanwhile, unseen: that is no loss,
/// a fresh one is told the journal.
template <class IsRight>
Result<Passage> RemoteNetwork::Ask(const std::string& line, SimTime limit, IsRight is_right) {
  const std::lock_guard lock(seat_->mutex);
  if (seat_->death) return *seat_->death;
  // Asked before the call, which makes it a process that was spoken to.
  const bool may_be_dead = seat_->process && !seat_->is_used;
  auto passage = AskOnce(line, limit, is_right);
  if (!passage && may_be_dead) {
    HelperPool::Get().Empty(*seat_);
    passage = AskOnce(line, limit, is_right);
  }
  if (passage) return passage;
  HelperPool::Get().Empty(*seat_);
  return Restartable(*shared_, std::move(passage).error());
}

template <class IsRight>
Result<Passage> RemoteNetwork::AskOnce(const std::string& line, SimTime limit, IsRight is_right) {
  DELSTEP_TRY(Sit());
  HelperProcess& process = *seat_->process;
  DELSTEP_ASSIGN(const std::string lines, TellJournal(*seat_, journal_, on_the_way_));
  DELSTEP_ASSIGN(const Passing passing, AskToPass(process, lines + line, on_the_way_.size()));
  const SimTime before = TheirNow();
  if (passing.now < before) return process.Garbage("its clock goes back");
  if (passing.now > limit) return process.Garbage("its clock is ahead of what was asked for");
  // Nothing is changed before all of the answer was looked at: an error leaves the network as it
  // was.
  auto passage = on_the_way_.Check(passing, before);
  if (!passage) return process.Garbage(passage.error().message);
  if (!is_right(passing)) return process.Garbage("it did not stop where it was asked to");
  on_the_way_.End(*passage);
  journal_.AddPassed(passing.now);
  seat_->told = journal_.size();
  seat_->is_used = true;
  // Real time does not come back, so its past need not be kept.
  if (!shared_->keeps_journal()) {
    journal_.Forget();
    seat_->told = 0;
  }
  // Those who use the network count from its own beginning.
  for (Outcome& outcome : *passage) {
    outcome.sent = Ours(outcome.sent);
    outcome.at = Ours(outcome.at);
  }
  return passage;
}

/// Sees to it that there is a process.
Result<void> RemoteNetwork::Sit() {
  if (!seat_->process) {
    DELSTEP_ASSIGN(seat_->process, shared_->Start());
    seat_->told = 0;
    seat_->played.emplace();
  }
  if (shared_->keeps_journal()) HelperPool::Get().Use(*seat_);
  return {};
}

Result<std::unique_ptr<Network>> RemoteNetwork::DoClone() const {
  if (!traits().can_snapshot) return CannotBe("copied");
  std::unique_ptr<RemoteNetwork> copy(new RemoteNetwork(*this));
  if (failure()) return copy;
  // Nobody else knows of this seat yet; the lock is for the pool, which may end its process as soon
  // as it is entered there.
  Seat& seat = *copy->seat_;
  const std::lock_guard copy_lock(seat.mutex);
  {
    const std::lock_guard lock(seat_->mutex);
    // Its process was ended in favour of others: the copy will play the journal, as this one would.
    if (!seat_->process) return copy;
    auto process = Fork(*seat_->process);
    if (!process) {
      // The copy plays the journal when it is used. We do too, unless somebody has ended a process
      // that was ours: that must not pass unseen.
      if (seat_->is_used) seat_->death = Restartable(*shared_, std::move(process).error());
      HelperPool::Get().Empty(*seat_);
      return copy;
    }
    if (!*process) return copy;
    seat.process = *std::move(process);
    seat.told = seat_->told;
    seat.played = seat_->played;
  }
  HelperPool::Get().Use(seat);
  return copy;
}

Result<std::string> RemoteNetwork::DoSave() const {
  if (!traits().can_save) return CannotBe("saved");
  Saved saved{.version = shared_->version,
              .link = shared_->backend.link,
              .start = started_ ? start_ : now(),
              .journal = journal_,
              .on_the_way = on_the_way_};
  // Where a helper has gone, its successor plays the journal, and what was on the way is lost.
  if (failure() && !on_the_way_.empty()) {
    std::vector<MessageId> lost;
    for (const OnTheWay::Flight& flight : on_the_way_.InOrder()) lost.push_back(flight.message.id);
    saved.on_the_way.Withdraw(lost);
    saved.journal.Add(Withdrawn{std::move(lost)});
  }
  return WriteSaved(saved);
}

Result<void> RemoteNetwork::DoLoad(std::string_view saved) {
  DELSTEP_ASSIGN(Saved loaded, ReadSaved(saved, [this](NodeId node) { return IsAttached(node); }));
  // Another version of ns-3 may come to other times, and the replay would fail at some later
  // moment.
  if (loaded.version != shared_->version)
    return BadFile(fmt::format("the network was saved with {}, and this is {}", loaded.version,
                               shared_->version),
                   "the network can be loaded where it was saved");
  if (loaded.start > now() || loaded.journal.now() != SimTime(now() - loaded.start))
    return NotWhatWasSaved();
  const std::lock_guard lock(seat_->mutex);
  if (loaded.link != shared_->backend.link) {
    // `set` may have changed the link since: the journal says so, and begins with the first one.
    DELSTEP_TRY(CheckLink(shared_->backend, loaded.link));
    auto other = std::make_shared<Shared>(*shared_);
    other->BeginWith(loaded.link);
    shared_ = std::move(other);
    HelperPool::Get().Empty(*seat_);
  }
  default_link_ = loaded.link;
  started_ = true;
  start_ = loaded.start;
  journal_ = std::move(loaded.journal);
  on_the_way_ = std::move(loaded.on_the_way);
  for (std::size_t i = 0; i < journal_.size(); ++i) Remember(journal_[i]);
  seat_->played.emplace();
  return {};
}

}  // namespace

Result<std::unique_ptr<Network>> MakeRemoteNetwork(Backend backend) {
  auto shared = std::make_shared<Shared>();
  shared->backend = std::move(backend);
  const Backend& made = shared->backend;
  if (auto can = CheckLink(made, made.link); !can) {
    Error wrong = std::move(can).error();
    wrong.code = ErrorCode::kUsage;  // of the configuration
    return wrong;
  }
  shared->BeginWith(made.link);
  auto process = Begin(made.program, shared->begin_line, shared->version);
  if (!process) return Explained(*shared, std::move(process).error());
  shared->backend.traits.version = shared->version;
  return std::make_unique<RemoteNetwork>(std::move(shared), *std::move(process));
}

}  // namespace delstep::remote
