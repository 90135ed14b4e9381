#include "network/remote/tell_journal.h"

#include <utility>
#include <variant>

#include "network/remote/conversation.h"
#include "network/remote/protocol.h"

namespace delstep::remote {
namespace {

/// The one change that is answered: nothing of what ends by then is news.
Result<void> TellPassed(Seat& seat, std::string& lines, SimTime to) {
  AppendLine(lines, Passed{to});
  const std::size_t most = seat.played ? seat.played->size() : 0;
  DELSTEP_ASSIGN(const Passing passing, AskToPass(*seat.process, lines, most));
  lines.clear();
  if (passing.now != to) return seat.process->Garbage("it did not stop where it was asked to");
  // To a process that is not played to, time passed with nobody on the way.
  if (!seat.played) return {};
  const auto ended = seat.played->Check(passing, SimTime{});
  if (!ended) return seat.process->Garbage(ended.error().message);
  seat.played->End(*ended);
  return {};
}

}  // namespace

Result<std::string> TellJournal(Seat& seat, const Journal& journal, const OnTheWay& on_the_way) {
  std::string lines;
  SimTime time{};  // of the process that is played to
  for (std::size_t i = seat.told; i < journal.size(); ++i) {
    const Change& change = journal[i];
    if (const auto* passed = std::get_if<Passed>(&change)) {
      DELSTEP_TRY(TellPassed(seat, lines, passed->to));
      time = passed->to;
      continue;
    }
    AppendLine(lines, change);
    // To a process that plays the past, messages that have long ended are on the way once more.
    if (!seat.played) continue;
    if (const auto* sent = std::get_if<Sent>(&change)) seat.played->Send(sent->message, time);
    const auto* withdrawn = std::get_if<Withdrawn>(&change);
    if (!withdrawn) continue;
    for (const MessageId id : withdrawn->messages)
      if (!seat.played->Has(id)) return seat.process->Garbage("it does not repeat itself");
    seat.played->Withdraw(withdrawn->messages);
  }
  seat.told = journal.size();
  // The same program, told the same, has come to something else: to go on with it would be to go on
  // with another run.
  if (seat.played && *seat.played != on_the_way)
    return seat.process->Garbage("it does not repeat itself");
  seat.played.reset();
  return lines;
}

}  // namespace delstep::remote
