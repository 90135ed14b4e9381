#pragma once
/// How many contacts there were at each moment of a run, from its events.
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace delstep {

/// From `time` on, until the next one, `count` pairs of nodes are in contact.
struct ContactCount {
  double time = 0;  ///< simulated seconds
  double count = 0;
};

/// A `contact_began` or `contact_ended` of a run's events.
struct ContactEvent {
  double time = 0;  ///< simulated seconds
  bool began = false;
  std::pair<std::string, std::string> pair;  ///< addresses
};

/// Counts changes, in the order in which they came about. The result ascends in time and begins at 0
/// and ends with the last change; it is empty without any.
///
/// Of contacts that a run begins with there is no event: those that end later are counted from the
/// start, those that never end are not known, so the curve lies too low by their number.
std::vector<ContactCount> CountContacts(const std::vector<ContactEvent>& changes);

/// The mean of the count over each of `bins` equal parts of the time from 0 to `end`, at the part's
/// middle. Requires contacts, an end above 0 and bins.
std::vector<ContactCount> MeanContacts(const std::vector<ContactCount>& contacts, double end,
                                       std::size_t bins);

}  // namespace delstep
