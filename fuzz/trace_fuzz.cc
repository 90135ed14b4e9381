// The reader of traces that finds out what they are: no input may crash it, and what it accepts is whole.
#include "trace_invariants.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace delstep;
  PlayTrace(data, size, [](TraceSource& source) { return ReadTrace(source, "auto"); });
  return 0;
}
