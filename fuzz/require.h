#pragma once
// What a fuzz target calls for whatever must hold.
#include <cstdio>
#include <cstdlib>

namespace delstep {

inline void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

}  // namespace delstep
