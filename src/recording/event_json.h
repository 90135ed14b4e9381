#pragma once
/// An event as one line of JSON: the schema of events.jsonl, described in docs/reference/events.md.
#include <string>

#include "delstep/event.h"
#include "recording/address_book.h"

namespace delstep {

/// Version of the schema. Fields may be added under the same number; what is there keeps its
/// meaning.
constexpr int kEventVersion = 2;

/// Appends `{"v":1,"type":"evaluated","t":...,"cycle":...,...}` and a newline. Times are integers
/// in nanoseconds of the simulated clock, real numbers have full precision, nodes are addresses out
/// of `addresses`. The line is a function of its arguments: no wall clock, no machine.
void AppendEventJson(const Event& event, const AddressBook& addresses, std::string& out);

}  // namespace delstep
