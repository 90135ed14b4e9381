#pragma once
/// Questions to a helper process and its answers: what process and protocol are together.
///
/// Errors: kUnavailable, after which the process is of no use.
///
/// Threads: one caller at a time.
#include <memory>
#include <string>
#include <string_view>

#include "delstep/result.h"
#include "network/remote/helper_process.h"
#include "network/remote/protocol.h"

namespace delstep::remote {

/// Writes these lines, the last of which is answered, and returns its answer. Signs of life only
/// keep us waiting. At most so many messages can have ended.
Result<Passing> AskToPass(HelperProcess& process, std::string_view lines, std::size_t most_ended);

/// Starts a helper and begins the session with it; `version` becomes what it says of itself.
Result<std::unique_ptr<HelperProcess>> Begin(const HelperProgram& program,
                                             const std::string& begin_line, std::string& version);

/// Lets the helper copy itself, with all that is on the way in it. Null: it could not, and goes on.
Result<std::unique_ptr<HelperProcess>> Fork(HelperProcess& process);

}  // namespace delstep::remote
