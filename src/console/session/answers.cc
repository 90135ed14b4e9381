#include "console/session/answers.h"

#include <algorithm>
#include <utility>

#include "console/commands/time_runner.h"

namespace delstep {
namespace {

/// What a repeat or a script says of an error in it.
Error ErrorOfPart(const Error& error) {
  Error told = error;
  const bool stopped =
      error.code == ErrorCode::kInterrupted || error.code == ErrorCode::kTerminated;
  told.message = (stopped ? "stopped in a part of it: " : "a part of it failed: ") + error.message;
  return told;
}

}  // namespace

void Answers::BeginRequest(std::string id) { id_ = std::move(id); }
void Answers::EndRequest() { id_.clear(); }

void Answers::Put(const CommandResult& answer, bool last) {
  ++count_;
  if (answer.error)
    for (Kept& outer : kept_) ++outer.failed;
  stream_.SetTime(answer.time, answer.cycle);
  stream_.Put(id_, RenderJson(answer), last && !id_.empty());
}

void Answers::Add(CommandResult answer, const AnswerPlace& place) {
  const SimTime now = answer.time;
  const auto ends = [&](const Kept& kept) { return place.after <= kept.depth; };
  if (place.queued)
    kept_.push_back({.answer = std::move(answer), .depth = place.before, .first = count_});
  else
    Put(answer, place.after == 0 && kept_.empty());
  if (place.ended_round > 0) NoteEnd(place.ended_round);
  // From the inside out: what has no part left to run is answered now.
  while (!kept_.empty() && ends(kept_.back())) {
    Kept kept = std::move(kept_.back());
    kept_.pop_back();
    kept.answer.time = now;
    kept.answer.parts = count_ - kept.first;
    kept.answer.fatal = place.fatal;
    if (place.why != nullptr)
      kept.answer.error = ErrorOfPart(*place.why);
    else
      kept.answer.reply.fields.emplace_back("failed", kept.failed);
    Put(kept.answer, place.after == 0 && kept_.empty());
  }
}

/// Of the innermost repeat: a breakpoint has ended it, with what it has loaded.
void Answers::NoteEnd(std::uint64_t round) {
  const auto is_repeat = [](const Kept& kept) {
    return kept.answer.row != nullptr && kept.answer.row->usage.starts_with("repeat ");
  };
  const auto repeat = std::find_if(kept_.rbegin(), kept_.rend(), is_repeat);
  if (repeat == kept_.rend()) return;
  auto& fields = repeat->answer.reply.fields;
  fields.emplace_back("rounds", round);
  fields.emplace_back("stopped_by", std::string(Name(StoppedBy::kBreak)));
}

}  // namespace delstep
