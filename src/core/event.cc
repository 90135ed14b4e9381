#include "delstep/event.h"

#include "base/text.h"

namespace delstep {

// As the log has it.
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
    case Kind::kSample:
      return "sample " + std::to_string(scope.sample);
  }
  return "unknown";
}

// As the user typed it after `labels NODE...`: it stands in events, and can be typed again.
std::string Name(const LabelChange& change) {
  using Kind = LabelChange::Kind;
  switch (change.kind) {
    case Kind::kNoise:
      return "noise " + ShortestReal(change.probability);
    // The two words that follow are classes by number, whatever names they have.
    case Kind::kFlip:
      return "flip " + std::to_string(change.from) + ' ' + std::to_string(change.to);
    case Kind::kFlipAll:
      return "flip all";
    case Kind::kRestore:
      break;
  }
  return "restore";
}

}  // namespace delstep
