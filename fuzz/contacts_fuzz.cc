// The reader of lists of contacts: no input may crash it, and what it accepts is whole.
#include "trace_invariants.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace delstep;
  PlayContacts(data, size, [](TraceSource& source) { return ReadContacts(source, FuzzNodes()); });
  return 0;
}
