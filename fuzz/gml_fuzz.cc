#include <cstdint>
#include <string_view>

#include "graph_invariants.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace delstep;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckRead(ReadGml(text, "input", FuzzNodes()));
  return 0;
}
