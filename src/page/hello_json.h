#pragma once
/// /api/hello: what a page needs to know once, before it draws anything.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "delstep/scenario.h"
#include "page/access.h"
#include "page/node_json.h"

namespace delstep {

/// What stays as it is all through a run.
struct HelloFacts {
  std::string version, scenario, data, backend;
  std::vector<std::string> words;  ///< after `delstep`, that begin the same session elsewhere
  std::vector<std::string> classes;
  std::size_t parameters = 0;
  bool goes_back = true;
  std::optional<Area> area;  ///< nothing: nodes have no places
};

struct HelloNow {
  Rights rights = Rights::kWatch;
  std::string share;  ///< the address for looking on; "": not told
  NodeNamesBook nodes;
  std::uint64_t oldest_event = 0, next_event = 0;
};
std::string HelloJson(const HelloFacts& facts, const HelloNow& now);

}  // namespace delstep
