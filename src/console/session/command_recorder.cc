#include "console/session/command_recorder.h"

namespace delstep {

void CommandRecorder::Tell(const CommandResult& result) const {
  for (const auto& observer : on_result_) observer(result);
}

void CommandRecorder::Record(const CommandResult& result, const std::string& redo) {
  CommandRecord record;
  record.redo_names_nodes = redo.empty();
  record.taken_back = result.taken_back;
  if (result.row) record.redo = redo.empty() ? std::string(result.row->redo) : redo;
  // In the record the commands of a loaded script stand in its place, so `load` itself is a
  // comment.
  record.is_comment = result.row && result.row->inlined && !result.error;
  if (!record.is_comment) ++commands_;
  if (!on_record_) return;
  record.text = record.is_comment ? "# " + result.command : result.command;
  if (result.error) {
    record.code = static_cast<int>(result.error->code);
    record.message = result.error->message;
  }
  on_record_(record);
}

void CommandRecorder::RecordPlanned(const CommandResult& result) const {
  Tell(result);
  if (!on_record_) return;
  on_record_({.text = result.command, .is_planned = true, .cycle = result.cycle});
}

void CommandRecorder::RecordChange(std::string_view text) const {
  if (on_record_) on_record_({.text = "# " + std::string(text), .is_comment = true});
}

}  // namespace delstep
