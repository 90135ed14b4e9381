#include "page/history_json.h"

#include <fmt/format.h>

#include "base/json.h"

namespace delstep {
namespace {

std::string BranchName(const Moments& moments, BranchId id) {
  const Branch* branch = moments.FindBranch(id);
  return branch == nullptr ? "null" : JsonString(branch->name);
}

std::string MomentOf(const Moments& moments, const Moment& moment, const HistoryNotes& notes) {
  const auto event = notes.event ? notes.event(moment.number) : std::nullopt;
  return fmt::format(
      R"({{"moment":{},"parent":{},"branch":{},"t":{},"cycle":{},"cmd":{},"kept":{},"event":{}}})",
      moment.number, moment.parent ? std::to_string(*moment.parent) : "null",
      BranchName(moments, moment.branch), moment.at.time_since_epoch().count(), moment.cycle,
      JsonString(moment.command), notes.kept && notes.kept(moment.number),
      event ? std::to_string(*event) : "null");
}

}  // namespace

std::string HistoryJson(const Moments& moments, const HistoryNotes& notes) {
  std::string branches, marks, list;
  for (const Branch& branch : moments.branches())
    branches += fmt::format(R"({}{{"branch":{},"last":{}}})", branches.empty() ? "" : ",",
                            JsonString(branch.name), branch.last);
  for (const auto& [mark, moment] : moments.marks())
    marks += fmt::format(R"({}{{"mark":{},"moment":{}}})", marks.empty() ? "" : ",",
                         JsonString(mark), moment);
  // In order of numbers, so that a parent always stands before what came of it.
  for (const auto& [number, moment] : moments.all())
    if (!notes.since || number > *notes.since)
      list += (list.empty() ? "" : ",") + MomentOf(moments, moment, notes);
  return fmt::format(
      R"({{"version":{},"present":{},"branch":{},"oldest":{},"goes_back":{},"why_not":{},)"
      R"("branches":[{}],"marks":[{}],"moments":[{}]}})",
      notes.version, moments.present().number, JsonString(moments.branch().name), notes.oldest,
      notes.why_not.empty(), notes.why_not.empty() ? "null" : JsonString(notes.why_not), branches,
      marks, list);
}

}  // namespace delstep
