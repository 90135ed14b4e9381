#pragma once
/// How many contacts there were at each moment of a run, from its events.
#include <istream>
#include <string>
#include <vector>

#include "delstep/result.h"

namespace delstep {

/// From `time` on, until the next one, `count` pairs of nodes are in contact.
struct ContactCount {
  double time = 0;  ///< simulated seconds
  double count = 0;
};

/// Reads `contact_began` and `contact_ended` out of events, one JSON object a line, as
/// `events.jsonl` has them. The result ascends in time and begins at 0 and ends with the last
/// contact that began or ended; it is empty without such events. What `undo` and the like took back
/// does not count.
///
/// Of contacts that a run begins with there is no event: those that end later are counted from the
/// start, those that never end are not known, so the curve lies too low by their number.
///
/// A last line without a line feed was cut off, and is passed over. Errors (kFile), with where =
/// "NAME:LINE": a line of a contact that is no such object.
Result<std::vector<ContactCount>> ReadContacts(std::istream& events, const std::string& name);

/// The mean of the count over each of `bins` equal parts of the time from 0 to `end`, at the part's
/// middle. Requires contacts, an end above 0 and bins.
std::vector<ContactCount> MeanContacts(const std::vector<ContactCount>& contacts, double end,
                                       std::size_t bins);

}  // namespace delstep
