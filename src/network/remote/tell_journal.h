#pragma once
/// What the process in a seat does not know of its network's journal: a few changes since it was
/// last asked, or, for a fresh process, the whole past.
#include <string>

#include "delstep/result.h"
#include "network/remote/helper_pool.h"
#include "network/remote/journal.h"
#include "network/remote/on_the_way.h"

namespace delstep::remote {

/// Tells the process in the seat, and lets it pass the time of the past. Returns the lines that are
/// not sent yet, none of which is answered: they go with the question that follows. A process that
/// is told the past must come to `on_the_way` in the end.
///
/// Requires a process in the seat, and that the caller holds the seat's mutex. Errors:
/// kUnavailable; the process is of no use then.
Result<std::string> TellJournal(Seat& seat, const Journal& journal, const OnTheWay& on_the_way);

}  // namespace delstep::remote
