// The reader of compute tables: no input may crash it, and what it accepts is usable.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "compute/compute_speeds.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto table = delstep::ParseComputeTable(
      text, "input", {.count = 5, .addresses = {}, .names = {"anna", "ben"}});
  if (!table) {
    Check(table.error().code == delstep::ErrorCode::kFile && table.error().message.size() < 400);
    return 0;
  }
  for (const auto& [node, row] : table->nodes) {
    Check(node < 5);
    Check(row.ms_per_example >= 0 && std::isfinite(row.ms_per_example));
    Check(!row.up || *row.up > 0);
    Check(!row.down || *row.down > 0);
  }
  return 0;
}
