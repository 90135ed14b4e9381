#pragma once
/// The messages of the built-in network whose end is known: a queue of events.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/cow.h"
#include "delstep/network.h"
#include "ports/network_bytes.h"

namespace delstep {

/// A message on the way, with the end that it will have if nothing comes between.
struct Flight {
  Outcome outcome;
  std::uint64_t number;  ///< in the order of sending
};

/// By (end, number). A value; copies share the messages until one of them changes. `number` is
/// unique, so the order in which messages come out does not depend on that in which they came in.
class Flights {
 public:
  bool empty() const { return heap_->empty(); }
  std::size_t size() const { return heap_->size(); }
  /// When the next one ends. Requires that there is one.
  SimTime next_end() const { return heap_->front().outcome.at; }
  /// In no particular order.
  auto begin() const { return heap_->begin(); }
  auto end() const { return heap_->end(); }

  void Add(const Flight& flight) {
    if (empty()) heap_ = std::exchange(spare_.flights, {});
    std::vector<Flight>& flights = heap_.Write();
    flights.push_back(flight);
    std::ranges::push_heap(flights, EndsLater);
  }

  /// Takes out what ends up to and including `deadline`, in order; each outcome is shown to
  /// `report`, which may change it.
  template <class Report>
  Passage TakeUntil(SimTime deadline, Report report) {
    Passage passage;
    if (empty() || next_end() > deadline) return passage;
    std::vector<Flight>& flights = heap_.Write();
    while (!flights.empty() && flights.front().outcome.at <= deadline) {
      std::ranges::pop_heap(flights, EndsLater);
      report(passage.emplace_back(flights.back().outcome));
      flights.pop_back();
    }
    if (flights.empty()) Forget();
    return passage;
  }
  template <class Report>
  Passage TakeAll(Report report) {
    Passage passage;
    if (empty()) return passage;
    // One sort is up to five times as fast as taking the messages from the heap one by one; and
    // where no message overtakes another the heap is in order.
    if (!std::ranges::is_sorted(*heap_, EndsSooner)) std::ranges::sort(heap_.Write(), EndsSooner);
    passage.reserve(size());
    for (const Flight& flight : *heap_) report(passage.emplace_back(flight.outcome));
    Forget();
    return passage;
  }

  /// Calls change(outcome), which may move the end, for those of which changes(outcome) holds.
  template <class Changes, class Change>
  void ChangeIf(Changes changes, Change change) {
    const auto chosen = [&](const Flight& flight) { return changes(flight.outcome); };
    if (std::ranges::none_of(*heap_, chosen)) return;
    std::vector<Flight>& flights = heap_.Write();
    for (Flight& flight : flights)
      if (chosen(flight)) change(flight.outcome);
    // Times have changed: the heap is put in order again.
    std::ranges::make_heap(flights, EndsLater);
  }
  /// Takes out those of which leaves(outcome) holds.
  template <class Leaves>
  void EraseIf(Leaves leaves) {
    std::vector<Flight>& flights = heap_.Write();
    std::erase_if(flights, [&](const Flight& flight) { return leaves(flight.outcome); });
    std::ranges::make_heap(flights, EndsLater);
  }

  /// In the order in which they end: equal bytes for equal flights.
  void Save(ByteWriter& writer) const {
    std::vector<Flight> flights = *heap_;
    std::ranges::sort(flights, EndsSooner);
    writer.Add(std::uint64_t{flights.size()});
    for (const Flight& flight : flights) {
      delstep::Add(writer, flight.outcome);
      writer.Add(flight.number);
    }
  }
  /// Requires that there are none yet. `nodes`: ids are below it.
  void Load(ByteReader& reader, std::size_t nodes) {
    std::vector<Flight>& flights = heap_.Write();
    for (std::size_t left = reader.Count(8); left > 0; --left) {
      Flight& flight = flights.emplace_back();
      flight.outcome = ReadOutcome(reader, nodes);
      flight.number = reader.Number();
    }
    // A list in order is a heap; where it is none, the bytes are not from Save().
    reader.Require(std::ranges::is_sorted(flights, EndsSooner));
  }

 private:
  /// An empty list with memory, of one network alone: its copies begin without.
  struct SpareMemory {
    SpareMemory() = default;
    SpareMemory(const SpareMemory& /*other*/) {}
    SpareMemory& operator=(const SpareMemory&) = delete;

    std::vector<Flight> flights;
  };

  static bool EndsSooner(const Flight& x, const Flight& y) {
    return x.outcome.at != y.outcome.at ? x.outcome.at < y.outcome.at : x.number < y.number;
  }
  static bool EndsLater(const Flight& x, const Flight& y) { return EndsSooner(y, x); }

  // The next flood needs as much memory again. It stays here, as a copy of an empty list would hold
  // it for nothing.
  void Forget() {
    spare_.flights = std::move(heap_.Write());
    spare_.flights.clear();
    heap_ = {};
  }

  Cow<std::vector<Flight>> heap_;  // the next to end in front
  SpareMemory spare_;
};

}  // namespace delstep
