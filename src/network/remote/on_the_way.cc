#include "network/remote/on_the_way.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <optional>
#include <unordered_set>
#include <utility>

namespace delstep::remote {
namespace {

std::uint64_t NumberOf(MessageId id) { return static_cast<std::uint64_t>(id); }

Error CannotBe(const remote::End& end, std::string_view what) {
  return Unavailable(fmt::format("message {} {}", NumberOf(end.message), what));
}

}  // namespace

OnTheWay::OnTheWay(const std::vector<Flight>& flights, std::uint64_t sent) : sent_(sent) {
  for (const Flight& flight : flights)
    flights_.Write().emplace(NumberOf(flight.message.id), flight);
}

const OnTheWay::Flight* OnTheWay::Find(MessageId id) const {
  const auto found = flights_->find(NumberOf(id));
  return found == flights_->end() ? nullptr : &found->second;
}

void OnTheWay::Send(const Message& message, SimTime now) {
  [[maybe_unused]] const bool is_new =
      flights_.Write()
          .emplace(NumberOf(message.id), Flight{.message = message, .sent = now, .number = sent_++})
          .second;
  assert(is_new);
}

void OnTheWay::Withdraw(std::span<const MessageId> messages) {
  for (const MessageId id : messages) {
    [[maybe_unused]] const std::size_t gone = flights_.Write().erase(NumberOf(id));
    assert(gone == 1);
  }
}

Result<Passage> OnTheWay::Check(const Passing& passing, SimTime before) const {
  Passage passage;
  std::unordered_set<std::uint64_t> ended;
  std::optional<std::pair<SimTime, std::uint64_t>> last;
  for (const remote::End& end : passing.ended) {
    const Flight* flight = Find(end.message);
    if (!flight) return CannotBe(end, "ends, and is not on the way");
    if (!ended.insert(NumberOf(end.message)).second) return CannotBe(end, "ends twice");
    if (end.sent != flight->sent) return CannotBe(end, "was sent at another time");
    if (end.at < std::max(end.sent, before)) return CannotBe(end, "ends in the past");
    if (end.at > passing.now) return CannotBe(end, "ends in the future");
    // The order is the network's promise to the core, which writes events and fills inboxes by it.
    const std::pair place(end.at, flight->number);
    if (last && place < *last) return CannotBe(end, "is out of order");
    last = place;
    passage.push_back(
        {.message = flight->message, .sent = end.sent, .at = end.at, .lost = end.lost});
  }
  return passage;
}

void OnTheWay::End(const Passage& passage) {
  if (passage.empty()) return;
  auto& flights = flights_.Write();
  for (const Outcome& outcome : passage) flights.erase(NumberOf(outcome.message.id));
}

std::vector<OnTheWay::Flight> OnTheWay::InOrder() const {
  std::vector<Flight> flights;
  for (const auto& [id, flight] : *flights_) flights.push_back(flight);
  std::ranges::sort(flights, {}, &Flight::number);
  return flights;
}

}  // namespace delstep::remote
