// A learner plug-in that loads no library and learns nothing: it tells what a library below it would
// have found in the environment when it was loaded.
#include <cstdlib>
#include <string>

#include "learning/plugin/entry.h"

namespace delstep {
namespace {

const std::string found_when_loaded = [] {
  const char* value = std::getenv("OPENBLAS_CORETYPE");
  return std::string(value == nullptr ? "" : value);
}();

LearnerEntry::About About() {
  return {.version = "", .blas = found_when_loaded, .devices = {}, .no_devices = {}};
}

}  // namespace
}  // namespace delstep

DELSTEP_LEARNER_ENTRY(nullptr, nullptr, &delstep::About, nullptr);
