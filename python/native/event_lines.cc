#include "python/native/event_lines.h"

#include <algorithm>

#include "recording/event_json.h"

namespace delstep {

void EventLines::Add(const Event& event) {
  newest_.Learn(event);
  events_.push_back(event);
  if (events_.size() <= kMost) return;
  if (const auto taken = taken_.find(oldest_); taken != taken_.end()) {
    before_ = std::move(taken->second);
    taken_.erase(taken);
  }
  before_.Learn(events_.front());
  events_.pop_front();
  ++oldest_;
}

void EventLines::TakeAddresses(const Simulation& simulation) {
  newest_ = AddressBook(simulation);
  taken_[next()] = newest_;
}

std::string EventLines::Lines(std::uint64_t since) const {
  std::string lines;
  AddressBook addresses = before_;
  std::uint64_t number = oldest_;
  for (const Event& event : events_) {
    if (const auto taken = taken_.find(number); taken != taken_.end()) addresses = taken->second;
    addresses.Learn(event);
    if (number++ >= since) AppendEventJson(event, addresses, lines);
  }
  return lines;
}

}  // namespace delstep
