#include "delstep/event.h"

namespace delstep {

std::string Name(const EvaluationScope& scope) {
  using Kind = EvaluationScope::Kind;
  switch (scope.kind) {
    case Kind::kGeneral:
      return "general";
    case Kind::kLocal:
      return "local";
    case Kind::kGlobal:
      return "global";
    case Kind::kGroup:
      return "group " + scope.group;
  }
  return "unknown";
}

}  // namespace delstep
