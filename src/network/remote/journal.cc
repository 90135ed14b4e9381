#include "network/remote/journal.h"

#include <algorithm>
#include <utility>

namespace delstep::remote {

void Journal::Add(Change change) {
  std::vector<Part>& parts = parts_.Write();
  if (size_ % kPart == 0) parts.emplace_back();
  parts.back().Write().push_back(std::move(change));
  ++size_;
}

std::size_t Journal::AddPassed(SimTime to) {
  now_ = to;
  // What happened in between was caused by time alone, so it happens again, however the time is
  // cut. Whoever has told a helper of the shorter time tells it of the longer one too.
  if (size_ > 0 && std::holds_alternative<Passed>((*this)[size_ - 1]))
    parts_.Write().back().Write().back() = Passed{to};
  else
    Add(Passed{to});
  return size_ - 1;
}

void Journal::Forget() {
  parts_ = {};
  size_ = 0;
}

bool JournalCheck::IsThere(NodeId node) const {
  const auto found = attached_.find(static_cast<std::uint32_t>(node));
  return found != attached_.end() && found->second;
}

bool JournalCheck::Follow(const Journal& journal) {
  for (std::size_t i = 0; i < journal.size(); ++i)
    if (!Follows(journal[i])) return false;
  return true;
}

const JournalCheck::Sending* JournalCheck::Find(MessageId id) const {
  const auto found = sendings_.find(static_cast<std::uint64_t>(id));
  return found == sendings_.end() ? nullptr : &found->second;
}

bool JournalCheck::Follows(const Change& change) {
  const auto both = [this](const auto& link) {
    return link.from != link.to && IsThere(link.from) && IsThere(link.to);
  };
  if (const auto* attached = std::get_if<Attached>(&change))
    // A node that has left keeps its entry: its number is never used again.
    return attached_.emplace(static_cast<std::uint32_t>(attached->node), true).second;
  if (const auto* detached = std::get_if<Detached>(&change)) {
    if (!IsThere(detached->node)) return false;
    attached_[static_cast<std::uint32_t>(detached->node)] = false;
    return true;
  }
  if (const auto* switched = std::get_if<Switched>(&change)) return IsThere(switched->node);
  if (const auto* set = std::get_if<LinkSet>(&change)) return both(*set);
  if (const auto* cleared = std::get_if<LinkCleared>(&change)) return both(*cleared);
  if (const auto* capacity = std::get_if<CapacitySet>(&change)) return IsThere(capacity->node);
  if (const auto* moves = std::get_if<Moves>(&change)) return IsThere(moves->node);
  if (const auto* sent = std::get_if<Sent>(&change)) {
    const auto id = static_cast<std::uint64_t>(sent->message.id);
    if (!both(sent->message) || !messages_.insert(id).second) return false;
    // The moment is the last one that the journal knew, as it was for the helper.
    sendings_[id] = {.message = sent->message, .at = now_, .number = sent_++};
    return true;
  }
  if (const auto* withdrawn = std::get_if<Withdrawn>(&change))
    return std::ranges::all_of(withdrawn->messages, [&](MessageId id) {
      return sendings_.erase(static_cast<std::uint64_t>(id)) == 1;
    });
  if (const auto* passed = std::get_if<Passed>(&change)) now_ = passed->to;
  return true;
}

}  // namespace delstep::remote
