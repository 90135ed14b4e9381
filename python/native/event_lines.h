#pragma once
/// The events of a run, kept in memory.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "delstep/event.h"
#include "delstep/simulation.h"
#include "recording/address_book.h"

namespace delstep {

/// Keeps the newest events as they came, and makes text of them when somebody asks: most runs are
/// never asked for most of their events. Numbers count from 0 and are those of the lines of
/// events.jsonl.
///
/// Threads: one.
class EventLines {
 public:
  static constexpr std::size_t kMost = 1 << 18;  ///< events kept; older ones are forgotten

  void Add(const Event& event);
  /// From the next event on numbers of nodes mean what they mean now: to be called after the run has
  /// gone back, when a number may have become another node's.
  void TakeAddresses(const Simulation& simulation);

  /// Lines as in events.jsonl, from number `since` on, or from oldest() where that is later.
  std::string Lines(std::uint64_t since) const;
  std::uint64_t oldest() const { return oldest_; }
  std::uint64_t next() const { return oldest_ + events_.size(); }
  /// The addresses as the newest event knows them.
  const AddressBook& addresses() const { return newest_; }

 private:
  std::uint64_t oldest_ = 0;
  std::deque<Event> events_;
  AddressBook before_, newest_;                 // before the oldest event, after the newest one
  std::map<std::uint64_t, AddressBook> taken_;  // by the number of the event that comes next
};

}  // namespace delstep
