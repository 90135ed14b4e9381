#include "apps/delstep/recording.h"

#include <utility>

namespace delstep {

void Recording::EndCommand(const Session::CommandRecord& command) {
  if (command.is_comment)
    folder_->Comment(command.text);
  else
    folder_->EndCommand({.text = command.text, .code = command.code, .message = command.message},
                        command.redo);
  if (folder_->failure() && !std::exchange(failed_, true)) tell_(*folder_->failure());
}

}  // namespace delstep
