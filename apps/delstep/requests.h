#pragma once
/// Requests: lines of standard input under `--json` that are JSON, from a program that drives us.
#include <string>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

/// {"id":7,"cmd":"train; ag"}, with "progress":true if wanted, or {"cancel":7}.
struct Request {
  enum class Kind {
    kCommands,
    kCancel,
    kWrong,  ///< `error` says why
  };
  Kind kind = Kind::kWrong;
  /// A string or a number, as JSON. Of kCancel: which request to cancel. Of kWrong: empty unless the
  /// line had one.
  std::string id{};
  std::string commands{};
  bool progress = false;
  Error error{};
};

/// Begins like a JSON object. No command begins so; in an open block a line of commands may.
bool LooksLikeRequest(std::string_view line);
Request ParseRequest(std::string_view line);

}  // namespace delstep
